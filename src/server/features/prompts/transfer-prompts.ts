import type { ImportedPrompt, prompts as contract } from '../../../contract/prompts.ts'
import { maxPromptLength, maxPromptNameLength, variablesOf } from '../../../contract/prompt-text.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { maxPrompts, type PromptDeps } from './change-prompts.ts'
import { type ReadPrompt, readPromptFile } from './read-prompt-file.ts'
import * as store from './store.ts'

/** At their greatest length, as much as an answer may weigh. */
const pageSize = 40

export async function exportPrompts(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { workspaceId, cursor }: InputOf<typeof contract.export>,
): Promise<OutputOf<typeof contract.export>> {
  check(actor, 'prompt', 'read', { workspaceId })
  const rows = await store.listOwn(deps.db, actor.principalId, { workspaceId, after: cursor ?? null, limit: pageSize + 1 })
  const page = rows.slice(0, pageSize)
  return {
    prompts: page.map(({ name, content, variables, created_at: createdAt, updated_at: updatedAt }) => {
      return { name, content, variables, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() }
    }),
    nextCursor: rows.length > pageSize ? page.at(-1)!.id : null,
  }
}

export async function importPrompts(
  deps: PromptDeps,
  actor: Actor,
  { workspaceId, fileName, text }: InputOf<typeof contract.import>,
): Promise<OutputOf<typeof contract.import>> {
  check(actor, 'prompt', 'create', { workspaceId })
  const read = await readPromptFile(fileName, text)
  if (!read) throw new AppError('prompt.file_unreadable')
  const { prompts, announce } = await deps.db.transaction().execute(async (tx) => {
    // Two imports of one file at once would each find nothing there.
    await store.lockImports(tx, actor.principalId, workspaceId)
    const added = await addAll(tx, { workspaceId, ownerId: actor.principalId }, read)
    return { prompts: added, announce: await deps.tell(tx, [actor.principalId], { type: 'prompts-changed' }) }
  })
  announce()
  return { prompts }
}

async function addAll(tx: Tx, where: { workspaceId: string; ownerId: string }, read: readonly ReadPrompt[]): Promise<ImportedPrompt[]> {
  const { workspaceId, ownerId } = where
  let count = await store.countOwn(tx, ownerId, workspaceId)
  const report: ImportedPrompt[] = []
  for (const { name: said, content } of read) {
    const name = said.trim()
    const reason = refusal(name, content) ?? (count >= maxPrompts ? 'too_many' : null)
    if (await store.isThere(tx, { ...where, name, content })) report.push({ name, outcome: 'known', reason: null })
    else if (reason) report.push({ name: name.slice(0, maxPromptNameLength), outcome: 'refused', reason })
    else {
      const id = newId()
      await store.insert(tx, { id, workspace_id: workspaceId, owner_id: ownerId, name, visibility: 'own' })
      await store.insertVersion(tx, { id, workspace_id: workspaceId }, { number: 1, content, variables: variablesOf(content) })
      count += 1
      report.push({ name, outcome: 'added', reason: null })
    }
  }
  return report
}

function refusal(name: string, content: string): 'name' | 'content' | null {
  if (name === '' || name.length > maxPromptNameLength || name.includes('\0')) return 'name'
  return content.trim() === '' || content.length > maxPromptLength || content.includes('\0') ? 'content' : null
}
