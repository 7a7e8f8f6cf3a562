import { maxMemories, type Memory } from '../../../contract/memories.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { presentMemory } from './present.ts'
import * as store from './store.ts'

/** About 2,000 tokens. */
const maxTextLength = 7_000

export async function listMemories(
  { db }: Pick<Deps, 'db'>,
  actor: Actor,
  workspaceId: string,
): Promise<{ isOn: boolean; memories: Memory[] }> {
  check(actor, 'memory', 'read', { workspaceId })
  const owner = { ownerId: actor.principalId, workspaceId }
  const [isOn, rows] = await Promise.all([store.isOn(db, owner), store.list(db, owner, maxMemories)])
  return { isOn, memories: rows.map(presentMemory) }
}

/** By what a model names it: the end of its id, which is random. */
export const markOf = (id: string) => id.slice(-8)

/**
 * What is remembered, one line each, the newest that have room. Null where there is nothing. For whoever has established that memory is on and that nobody reads along.
 */
export async function memoryText(db: Db, owner: store.Owner, agentId: string | null): Promise<string | null> {
  const rows = await store.listFor(db, owner, agentId, maxMemories)
  const lines: string[] = []
  let room = maxTextLength
  for (const { id, text } of rows) {
    const line = `- [${markOf(id)}] ${text.replaceAll(/\s+/g, ' ')}`
    if ((room -= line.length + 1) < 0) break
    lines.push(line)
  }
  return lines.length > 0 ? lines.join('\n') : null
}
