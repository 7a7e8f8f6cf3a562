import type { Agent, agents as contract } from '../../../contract/agents.ts'
import { type Actor, check, systemWorkspaceId } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { type AgentDeps, readerOf } from './agent-deps.ts'
import { changedParts, nothing, requireGivable } from './made-of.ts'
import { findPicture, putPicture } from './picture-store.ts'
import { presentAgent } from './present.ts'
import { listRoles } from './role-store.ts'
import * as store from './store.ts'

/** Of one person in one workspace. */
const maxAgents = 200

export async function createAgent(deps: AgentDeps, actor: Actor, input: InputOf<typeof contract.create>): Promise<Agent> {
  const { workspaceId, visibility } = input
  check(actor, 'agent', 'create', { workspaceId })
  if (visibility === 'server') check(actor, 'system', 'update', 'system')
  await requireGivable(deps, actor, workspaceId, nothing, input)
  return transact(deps, actor, async (tx) => {
    const place = visibility === 'server' ? systemWorkspaceId : workspaceId
    await requireRoom(tx, actor, place)
    const made = (await changedParts(tx, actor, nothing, input)) ?? { ...nothing, note: input.note || null }
    requireHolding(visibility, made)
    return insertAgent(tx, actor, { workspace_id: place, ...profileOf(input), name: input.name }, made)
  })
}

export async function insertAgent(
  tx: Tx,
  actor: Actor,
  profile: Partial<store.Profile> & { workspace_id: string; name: string },
  made: store.Made,
): Promise<string> {
  const id = newId()
  const defaults = { description: '', icon: '🤖', color: 'grey', visibility: 'own' } as const
  await store.insert(tx, { ...defaults, ...profile, id, owner_id: actor.principalId })
  await store.insertVersion(tx, { id, workspace_id: profile.workspace_id }, { number: 1, createdBy: actor.principalId, made })
  return id
}

/** What it is made of becomes a new version. Of two who save at once the second is told. */
export async function updateAgent(deps: AgentDeps, actor: Actor, input: InputOf<typeof contract.update>): Promise<Agent> {
  check(actor, 'agent', 'update', 'own')
  const before = await store.find(deps.db, readerOf(actor), input.id)
  if (!before?.may_edit) throw new AppError('agent.not_found')
  if (input.visibility === 'server') check(actor, 'system', 'update', 'system')
  await requireGivable(deps, actor, isOfServer(before) ? actor.homeWorkspaceId : before.workspace_id, before, input)
  return transact(deps, actor, async (tx) => {
    const row = await lock(tx, actor, input.id)
    const made = await changedParts(tx, actor, row, input)
    requireHolding(input.visibility ?? row.visibility, made ?? row)
    const version = made ? await addVersion(tx, actor, row, made, input.baseVersion) : row.version
    const { visibility, ...profile } = profileOf(input)
    if (visibility && (visibility === 'server') !== isOfServer(row))
      await store.move(tx, row.id, visibility === 'server' ? systemWorkspaceId : actor.homeWorkspaceId, visibility)
    else if (visibility) Object.assign(profile, { visibility })
    await store.update(tx, row.id, { version, ...profile })
    return { id: row.id, before: row }
  })
}

export async function restoreVersion(
  deps: AgentDeps,
  actor: Actor,
  { id, number, baseVersion }: InputOf<typeof contract.restoreVersion>,
): Promise<Agent> {
  check(actor, 'agent', 'update', 'own')
  return transact(deps, actor, async (tx) => {
    const row = await lock(tx, actor, id)
    const old = await store.findVersion(tx, id, number)
    if (!old) throw new AppError('agent.not_found')
    requireHolding(row.visibility, old)
    // Nobody gets at a key by it: models and keys are used for whom they are in reach.
    const version = await addVersion(tx, actor, row, { ...madeOf(old), note: `Version ${number} again` }, baseVersion)
    await store.update(tx, id, { version })
    return id
  })
}

export async function addVersion(tx: Tx, actor: Actor, row: store.AgentRow, made: store.Made, base: number | undefined): Promise<number> {
  if (base !== undefined && base !== row.version) throw new AppError('agent.changed_meanwhile')
  const number = row.version + 1
  await store.insertVersion(tx, row, { number, createdBy: actor.principalId, made })
  return number
}

export async function duplicateAgent(
  deps: AgentDeps,
  actor: Actor,
  { id, name, workspaceId }: InputOf<typeof contract.duplicate>,
): Promise<Agent> {
  check(actor, 'agent', 'create', workspaceId === undefined ? 'own' : { workspaceId })
  return transact(deps, actor, async (tx) => {
    const row = await store.find(tx, readerOf(actor), id)
    if (!row) throw new AppError('agent.not_found')
    // What only works in another workspace is copied there alone.
    const workspace_id = isOfServer(row) ? (workspaceId ?? actor.homeWorkspaceId) : row.workspace_id
    await requireRoom(tx, actor, workspace_id)
    const { description, icon, color } = row
    const copy = { workspace_id, description, icon, color, name: name ?? row.name }
    const copyId = await insertAgent(tx, actor, copy, { ...madeOf(row), note: null })
    const picture = await findPicture(tx, id)
    if (picture) await putPicture(tx, { id: copyId, workspace_id }, picture)
    return copyId
  })
}

export async function deleteAgent(deps: AgentDeps, actor: Actor, id: string): Promise<{ ok: true }> {
  check(actor, 'agent', 'delete', 'own')
  const announce = await deps.db.transaction().execute(async (tx) => {
    const row = await lock(tx, actor, id)
    await store.setDeleted(tx, id, true)
    return tellConcerned(deps, tx, actor, row)
  })
  announce()
  return { ok: true }
}

export async function restoreAgent(deps: AgentDeps, actor: Actor, id: string): Promise<Agent> {
  check(actor, 'agent', 'update', 'own')
  return transact(deps, actor, async (tx) => {
    const row = await lock(tx, actor, id, 'deleted or not')
    if (row.deleted_at) {
      await requireRoom(tx, actor, row.workspace_id)
      await store.setDeleted(tx, id, false)
    }
    return id
  })
}

/** Error: `agent.not_found`, also for whom it is only shared with. */
export async function lock(tx: Tx, actor: Actor, id: string, which?: 'deleted or not'): Promise<store.AgentRow> {
  const row = await store.lockEditable(tx, readerOf(actor), id, which)
  if (!row) throw new AppError('agent.not_found')
  return row
}

function madeOf(row: store.VersionRow): store.Made {
  return Object.fromEntries(Object.keys(nothing).map((key) => [key, row[key as keyof store.Made]])) as unknown as store.Made
}

function profileOf({ name, description, icon, color, visibility }: { [Name in keyof store.Profile]?: store.Profile[Name] | undefined }) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(icon !== undefined && { icon }),
    ...(color !== undefined && { color }),
    ...(visibility !== undefined && { visibility }),
  }
}

export async function requireRoom(tx: Tx, actor: Actor, workspaceId: string): Promise<void> {
  if ((await store.countOwn(tx, actor.principalId, workspaceId)) >= maxAgents) throw new AppError('agent.too_many')
}

/** A guardrail is of one workspace: named by an agent that answers in all, it would hold in one and seem to hold everywhere. */
function requireHolding(visibility: store.AgentRow['visibility'] | undefined, { guardrails }: Pick<store.Made, 'guardrails'>): void {
  if (visibility !== 'server' || guardrails.length === 0) return
  const message = 'are of one workspace, and would not hold where else this agent answers'
  throw new AppError('request.invalid', { issues: [{ path: ['guardrails'], message }] })
}

const isOfServer = ({ visibility }: Pick<store.AgentRow, 'visibility'>): boolean => visibility === 'server'

type Concerns = Pick<store.AgentRow, 'id' | 'workspace_id' | 'owner_id' | 'visibility'>

/** Whoever may use it, and `also` whoever could until now. */
export async function tellConcerned(deps: AgentDeps, tx: Tx, actor: Actor, agent: Concerns, also: readonly string[] = []) {
  const members =
    agent.visibility === 'own'
      ? []
      : isOfServer(agent)
        ? await deps.listRecentUserIds(tx)
        : await deps.listMemberIds(tx, agent.workspace_id)
  const roles = (await listRoles(tx, agent.id)).map((role) => role.user_id)
  return deps.tell(tx, [...new Set([actor.principalId, agent.owner_id, ...members, ...roles, ...also])], { type: 'agents-changed' })
}

/** A change of one agent: with who it concerns told, once it is true. */
export async function transact(
  deps: AgentDeps,
  actor: Actor,
  work: (tx: Tx) => Promise<string | { id: string; before: Concerns }>,
): Promise<Agent> {
  const { row, announce } = await deps.db.transaction().execute(async (tx) => {
    const done = await work(tx)
    const { id, before } = typeof done === 'string' ? { id: done, before: undefined } : done
    const changed = await store.find(tx, readerOf(actor), id)
    // Nobody takes from themselves what they could not give back: whoever only looks after what is everybody's cannot make it somebody's own.
    if (!changed) throw new AppError('agent.not_found')
    // The wider of the two: who loses it is told, too.
    const widest = before && (isOfServer(before) || (before.visibility === 'workspace' && !isOfServer(changed))) ? before : changed
    return { row: changed, announce: await tellConcerned(deps, tx, actor, widest) }
  })
  announce()
  return presentAgent(row, actor.principalId)
}
