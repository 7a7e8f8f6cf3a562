import type { Prompt, prompts as contract } from '../../../contract/prompts.ts'
import { variablesOf } from '../../../contract/prompt-text.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Tell } from '../events/index.ts'
import { presentPrompt } from './present.ts'
import { readerOf } from './read-prompts.ts'
import * as store from './store.ts'
import { findVersion, markShared } from './version-store.ts'

export interface PromptDeps extends Pick<Deps, 'db'> {
  tell: Tell
  listMemberIds(tx: Tx, workspaceId: string): Promise<string[]>
  /** What is remembered of somebody, or nothing. */
  memoryText(actor: Actor, workspaceId: string): Promise<string>
}

/** Of one person in one workspace. */
export const maxPrompts = 1000

export async function createPrompt(deps: PromptDeps, actor: Actor, input: InputOf<typeof contract.create>): Promise<Prompt> {
  const { workspaceId, name, visibility } = input
  check(actor, 'prompt', 'create', { workspaceId })
  return transact(deps, actor, async (tx) => {
    await requireRoom(tx, actor, workspaceId)
    const id = newId()
    await store.insert(tx, { id, workspace_id: workspaceId, owner_id: actor.principalId, name, visibility })
    await store.insertVersion(tx, { id, workspace_id: workspaceId }, versionOf(1, input.content))
    return id
  })
}

export async function updatePrompt(deps: PromptDeps, actor: Actor, input: InputOf<typeof contract.update>): Promise<Prompt> {
  check(actor, 'prompt', 'update', 'own')
  return transact(deps, actor, async (tx) => {
    const row = await requireOwn(tx, actor, input.id)
    const version = await changeContent(tx, row, input.content ?? row.content)
    await store.update(tx, row.id, {
      version,
      ...(input.name !== undefined && { name: input.name }),
      ...(input.visibility !== undefined && { visibility: input.visibility }),
    })
    return { id: row.id, wasShared: row.visibility === 'workspace' }
  })
}

/** As a version of its own, so that what the newest said stays in the history, used or not. */
export async function restoreVersion(deps: PromptDeps, actor: Actor, versionId: string): Promise<Prompt> {
  check(actor, 'prompt', 'update', 'own')
  return transact(deps, actor, async (tx) => {
    const version = await findVersion(tx, readerOf(actor), versionId)
    const row = version && (await store.lockOwn(tx, actor.principalId, version.prompt_id))
    if (!row) throw new AppError('prompt-version.not_found')
    if (version.content !== row.content) {
      await store.insertVersion(tx, row, versionOf(row.version + 1, version.content))
      await store.update(tx, row.id, { version: row.version + 1 })
    }
    return row.id
  })
}

/** The number of the version that says it. What was used is not changed any more. */
async function changeContent(tx: Tx, row: store.LockedPrompt, content: string): Promise<number> {
  if (content === row.content) return row.version
  if (row.version_used_at === null) {
    await store.updateVersion(tx, row.id, versionOf(row.version, content))
    return row.version
  }
  await store.insertVersion(tx, row, versionOf(row.version + 1, content))
  return row.version + 1
}

const versionOf = (number: number, content: string) => ({ number, content, variables: variablesOf(content) })

export async function usePrompt(deps: PromptDeps, actor: Actor, { id, version }: InputOf<typeof contract.use>): Promise<{ ok: true }> {
  check(actor, 'prompt', 'use', 'own')
  return deps.db.transaction().execute(async (tx) => {
    const row = await store.find(tx, readerOf(actor), id)
    if (!row || !(await store.markUsed(tx, row.id, version))) throw new AppError('prompt.not_found')
    return { ok: true as const }
  })
}

export async function deletePrompt(deps: PromptDeps, actor: Actor, id: string): Promise<{ ok: true }> {
  check(actor, 'prompt', 'delete', 'own')
  const announce = await deps.db.transaction().execute(async (tx) => {
    const row = await requireOwn(tx, actor, id)
    await store.setDeleted(tx, id, true)
    return tellConcerned(deps, tx, actor, row)
  })
  announce()
  return { ok: true }
}

export async function restorePrompt(deps: PromptDeps, actor: Actor, id: string): Promise<Prompt> {
  check(actor, 'prompt', 'update', 'own')
  return transact(deps, actor, async (tx) => {
    const row = await store.lockOwn(tx, actor.principalId, id, 'deleted or not')
    if (!row) throw new AppError('prompt.not_found')
    if (row.deleted_at) {
      await requireRoom(tx, actor, row.workspace_id)
      await store.setDeleted(tx, id, false)
    }
    return id
  })
}

async function requireRoom(tx: Tx, actor: Actor, workspaceId: string): Promise<void> {
  if ((await store.countOwn(tx, actor.principalId, workspaceId)) >= maxPrompts) throw new AppError('prompt.too_many')
}

async function requireOwn(tx: Tx, actor: Actor, id: string): Promise<store.LockedPrompt> {
  const row = await store.lockOwn(tx, actor.principalId, id)
  if (!row) throw new AppError('prompt.not_found')
  return row
}

/** Whoever may use it is told, and whoever could until now. */
async function tellConcerned(deps: PromptDeps, tx: Tx, actor: Actor, { workspace_id: id, visibility }: store.Shared) {
  const members = visibility === 'workspace' ? await deps.listMemberIds(tx, id) : []
  return deps.tell(tx, [...new Set([actor.principalId, ...members])], { type: 'prompts-changed' })
}

async function transact(
  deps: PromptDeps,
  actor: Actor,
  work: (tx: Tx) => Promise<string | { id: string; wasShared: boolean }>,
): Promise<Prompt> {
  const { row, announce } = await deps.db.transaction().execute(async (tx) => {
    const done = await work(tx)
    const { id, wasShared } = typeof done === 'string' ? { id: done, wasShared: false } : done
    await markShared(tx, id)
    const changed = await store.find(tx, readerOf(actor), id)
    if (!changed) throw new AppError('prompt.not_found')
    const visibility = wasShared ? 'workspace' : changed.visibility
    return { row: changed, announce: await tellConcerned(deps, tx, actor, { ...changed, visibility }) }
  })
  announce()
  return presentPrompt(row, actor.principalId)
}
