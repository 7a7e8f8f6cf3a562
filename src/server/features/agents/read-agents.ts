import type { Agent, AgentSummary, AgentUsage, AgentVersion, agents as contract, OfferedTool } from '../../../contract/agents.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { usageByDay } from './agent-usage.ts'
import { type AgentDeps, readerOf } from './agent-deps.ts'
import { presentAgent, presentAgentSummary, presentVersion } from './present.ts'
import * as store from './store.ts'

/** More than a model wants to read. */
const maxNames = 50

type Reads = Pick<AgentDeps, 'db'>

export async function listAgents(
  deps: Reads,
  actor: Actor,
  { workspaceId, search, cursor, limit }: InputOf<typeof contract.list>,
): Promise<{ agents: AgentSummary[]; nextCursor: string | null }> {
  check(actor, 'agent', 'read', { workspaceId })
  const before = cursor ? readCursor(cursor) : null
  const rows = await store.list(deps.db, readerOf(actor), { workspaceId, search: search || null, before, limit: limit + 1 })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    agents: page.map((row) => presentAgentSummary(row, actor.principalId)),
    nextCursor: rows.length > limit && last ? `${last.updated_at.getTime()}.${last.id}` : null,
  }
}

export async function listTools(deps: Pick<AgentDeps, 'listTools'>, actor: Actor, workspaceId: string): Promise<OfferedTool[]> {
  check(actor, 'agent', 'read', { workspaceId })
  return deps.listTools(actor, workspaceId)
}

export async function getAgent(deps: Reads, actor: Actor, id: string): Promise<Agent> {
  check(actor, 'agent', 'read', 'own')
  return presentAgent(await require(deps.db, actor, id), actor.principalId)
}

export async function listVersions(
  deps: Reads,
  actor: Actor,
  { id, before, limit }: InputOf<typeof contract.versions>,
): Promise<{ versions: AgentVersion[]; hasMore: boolean }> {
  check(actor, 'agent', 'read', 'own')
  await require(deps.db, actor, id)
  const rows = await store.listVersions(deps.db, id, before ?? null, limit + 1)
  return { versions: rows.slice(0, limit).map(presentVersion), hasMore: rows.length > limit }
}

/** What others asked of it and what that cost is for who may change it. */
export async function getAgentUsage(deps: Reads, actor: Actor, input: InputOf<typeof contract.usage>): Promise<AgentUsage> {
  check(actor, 'agent', 'update', 'own')
  const row = await require(deps.db, actor, input.id)
  if (!row.may_edit) throw new AppError('agent.not_found')
  return usageByDay(deps.db, row, input)
}

/** For operations that have asked at the gate for what they do. Error: `agent.not_found`: what cannot be used there is not chosen either. */
export async function assertAgentUsable(deps: Reads, actor: Actor, id: string, workspaceId: string): Promise<void> {
  const row = await require(deps.db, actor, id)
  if (row.workspace_id !== workspaceId && row.visibility !== 'server') throw new AppError('agent.not_found')
}

/** As people call it, whatever its case; of several with one name the one that was changed last. */
export async function findAgentByName(db: Db, actor: Actor, workspaceId: string, name: string): Promise<{ id: string } | undefined> {
  check(actor, 'agent', 'use', { workspaceId })
  const wanted = name.trim().toLowerCase()
  const rows = await store.list(db, readerOf(actor), { workspaceId, search: name.trim(), before: null, limit: maxNames })
  return rows.find((row) => row.name.toLowerCase() === wanted)
}

export async function listAgentNames(db: Db, actor: Actor, workspaceId: string): Promise<string[]> {
  check(actor, 'agent', 'read', { workspaceId })
  return (await store.list(db, readerOf(actor), { workspaceId, search: null, before: null, limit: maxNames })).map((row) => row.name)
}

async function require(db: Db, actor: Actor, id: string): Promise<store.AgentRow> {
  const row = await store.find(db, readerOf(actor), id)
  if (!row) throw new AppError('agent.not_found')
  return row
}

function readCursor(cursor: string): { at: Date; id: string } {
  const match = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (!match) throw new AppError('request.invalid', { issues: [{ path: ['cursor'], message: 'is not a cursor of this list' }] })
  return { at: new Date(Number(match[1])), id: match[2]! }
}
