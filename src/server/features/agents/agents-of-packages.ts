import type { AgentParameters } from '../../../contract/agents.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { AgentDeps } from './agent-deps.ts'
import { addVersion, insertAgent, lock, requireRoom, tellConcerned } from './change-agents.ts'
import { changedParts, nothing } from './made-of.ts'
import * as store from './store.ts'

/** What a package says of the agent that it is. */
export interface AgentOfPackage {
  name: string
  description: string
  instructions: string
  starters: string[]
  parameters: Partial<AgentParameters>
  note: string
}

/** A new one, made of a package. Error: `agent.too_many`. */
export async function addAgentOfPackage(
  tx: Tx,
  actor: Actor,
  workspaceId: string,
  { name, description, instructions, starters, parameters, note }: AgentOfPackage,
): Promise<string> {
  check(actor, 'agent', 'create', { workspaceId })
  await requireRoom(tx, actor, workspaceId)
  const made = { instructions, starters, parameters, note }
  const parts = (await changedParts(tx, actor, nothing, made)) ?? { ...nothing, note }
  return insertAgent(tx, actor, { workspace_id: workspaceId, name, description, icon: '📦' }, parts)
}

/** Locked. Error: `agent.not_found`, also for whom it is only shared with. */
export async function lockAgent(tx: Tx, actor: Actor, id: string): Promise<store.AgentRow> {
  check(actor, 'agent', 'update', 'own')
  return lock(tx, actor, id)
}

/** A new version, where that makes a difference to its instructions. */
export async function changeInstructions(tx: Tx, actor: Actor, agent: store.AgentRow, instructions: string, note: string): Promise<void> {
  if (instructions === agent.instructions) return
  const made = await changedParts(tx, actor, agent, { instructions, note })
  if (made) await store.update(tx, agent.id, { version: await addVersion(tx, actor, agent, made, undefined) })
}

export async function deleteLockedAgent(tx: Tx, agent: store.AgentRow): Promise<void> {
  await store.setDeleted(tx, agent.id, true)
}

/** Its last statement. What to call after the commit. */
export function tellAgentChanged(
  deps: AgentDeps,
  tx: Tx,
  actor: Actor,
  agent: Pick<store.AgentRow, 'id' | 'workspace_id' | 'owner_id' | 'visibility'>,
) {
  return tellConcerned(deps, tx, actor, agent)
}
