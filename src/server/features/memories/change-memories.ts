import { maxMemories, type Memory, type memories as contract } from '../../../contract/memories.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import type { Tell } from '../events/index.ts'
import { presentMemory } from './present.ts'
import * as store from './store.ts'

export interface MemoryDeps extends Pick<Deps, 'db'> {
  tell: Tell
  /** What was remembered of who may what is out of date. */
  onSwitched(ownerId: string): void
}

interface Said {
  workspaceId: string
  text: string
  /** For conversations with this agent only. */
  agentId?: string | null
  conversationId?: string | null
  turnId?: string | null
}

export async function createMemory(deps: Pick<MemoryDeps, 'db' | 'tell'>, actor: Actor, said: Said): Promise<Memory> {
  check(actor, 'memory', 'create', { workspaceId: said.workspaceId })
  const { workspaceId, text, agentId = null, conversationId = null, turnId = null } = said
  const owner = { ownerId: actor.principalId, workspaceId }
  return transact(deps, actor, async (tx) => {
    const count = await store.lockCount(tx, owner)
    if (count >= maxMemories && !(await store.has(tx, { ...owner, agentId, text }))) throw new AppError('memory.too_many')
    const id = await store.put(tx, { ...owner, agentId, text, conversationId, turnId })
    return presentMemory((await store.find(tx, owner.ownerId, id))!)
  })
}

export async function updateMemory(
  deps: Pick<MemoryDeps, 'db' | 'tell'>,
  actor: Actor,
  { id, text }: InputOf<typeof contract.update>,
): Promise<Memory> {
  check(actor, 'memory', 'update', 'own')
  return transact(deps, actor, async (tx) => {
    const kept = await store.setText(tx, actor.principalId, id, text)
    const row = kept === undefined ? undefined : await store.find(tx, actor.principalId, kept)
    if (!row) throw new AppError('memory.not_found')
    return presentMemory(row)
  })
}

export async function deleteMemory(deps: Pick<MemoryDeps, 'db' | 'tell'>, actor: Actor, id: string): Promise<{ ok: true }> {
  check(actor, 'memory', 'delete', 'own')
  return transact(deps, actor, async (tx) => {
    if (!(await store.remove(tx, actor.principalId, id))) throw new AppError('memory.not_found')
    return { ok: true as const }
  })
}

export async function clearMemories(deps: MemoryDeps, actor: Actor, workspaceId: string): Promise<{ ok: true }> {
  check(actor, 'memory', 'delete', { workspaceId })
  return transact(deps, actor, async (tx) => {
    await store.removeAll(tx, { ownerId: actor.principalId, workspaceId })
    return { ok: true as const }
  })
}

export async function switchMemory(
  deps: MemoryDeps,
  actor: Actor,
  { workspaceId, isOn }: InputOf<typeof contract.switch>,
): Promise<{ ok: true }> {
  check(actor, 'memory', 'update', { workspaceId })
  const done = await transact(deps, actor, async (tx) => {
    await store.setOn(tx, { ownerId: actor.principalId, workspaceId }, isOn)
    return { ok: true as const }
  })
  deps.onSwitched(actor.principalId)
  return done
}

async function transact<Result>(deps: Pick<MemoryDeps, 'db' | 'tell'>, actor: Actor, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  const { result, announce } = await deps.db.transaction().execute(async (tx) => ({
    result: await work(tx),
    announce: await deps.tell(tx, [actor.principalId], { type: 'memories-changed' }),
  }))
  announce()
  return result
}
