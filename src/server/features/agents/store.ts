import { type RawBuilder, sql } from 'kysely'
import type { AgentColor } from '../../../contract/agent-choices.ts'
import type { AgentParameters } from '../../../contract/agents.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { roleIds } from './role-store.ts'

/** Who asks, and where. */
export interface Reader {
  principalId: string
  workspaceIds: readonly string[]
  /** Those that they run: there they also look after what is shared with everybody. */
  managedIds: readonly string[]
  /** Of the server: looks after what is everybody's. */
  isAdmin: boolean
}

export interface VersionRow {
  number: number
  instructions: string
  prompt_version_id: string | null
  prompt_id: string | null
  prompt_name: string | null
  prompt_number: number | null
  variable_values: Record<string, string>
  model_id: string | null
  connection_id: string | null
  parameters: AgentParameters
  tools: string[] | null
  starters: string[]
  max_steps: number | null
  guardrails: string[]
  note: string | null
  created_by_name: string
  version_created_at: Date
}

export interface AgentRow extends VersionRow {
  id: string
  workspace_id: string
  owner_id: string
  owner_name: string
  name: string
  description: string
  icon: string
  color: AgentColor
  picture_id: string | null
  visibility: 'own' | 'workspace' | 'server'
  version: number
  may_edit: boolean
  deleted_at: Date | null
  created_at: Date
  updated_at: Date
}

const versionColumns = sql`v.number, v.instructions, v.prompt_version_id, p.id as prompt_id, p.name as prompt_name, pv.number as prompt_number, v.variable_values, v.model_id,
  v.connection_id, v.parameters, v.tools, v.starters, v.max_steps, v.guardrails, v.note, coalesce(maker.name, '') as created_by_name, v.created_at as version_created_at`

const versionJoins = sql`left join prompt_version pv on pv.id = v.prompt_version_id left join prompt p on p.id = pv.prompt_id and p.deleted_at is null
  left join user_account maker on maker.id = v.created_by`

const mayEdit = ({ principalId, managedIds, isAdmin }: Reader) =>
  sql<boolean>`case when a.visibility = 'server' then ${isAdmin}::boolean else a.owner_id = ${principalId} or coalesce(g.role_id = ${roleIds['agent admin']}, false)
    or a.visibility = 'workspace' and a.workspace_id = any (${[...managedIds]}::uuid[]) end`

/** Own ones, those of everybody in a workspace of theirs or on this server, and those in which they have a role. */
const usable = ({ principalId, workspaceIds }: Reader) =>
  sql<boolean>`(a.visibility = 'server' or a.workspace_id = any (${[...workspaceIds]}::uuid[])
    and (a.owner_id = ${principalId} or a.visibility = 'workspace' or g.role_id is not null))`

async function select(db: Db | Tx, reader: Reader, where: RawBuilder<unknown>): Promise<AgentRow[]> {
  const { rows } = await sql<AgentRow>`
    select a.id, a.workspace_id, a.owner_id, coalesce(owner.name, '') as owner_name, a.name, a.description, a.icon, a.color, a.visibility, a.version, a.deleted_at,
      picture.id as picture_id, a.created_at, a.updated_at, ${mayEdit(reader)} as may_edit, ${versionColumns}
    from agent a join agent_version v on v.agent_id = a.id and v.number = a.version
    left join user_account owner on owner.id = a.owner_id
    left join agent_picture picture on picture.agent_id = a.id
    left join role_grant g on g.scope = 'agent' and g.scope_id = a.id and g.principal_id = ${reader.principalId}
    ${versionJoins}
    where ${usable(reader)} and ${where}`.execute(db)
  return rows
}

export async function list(
  db: Db,
  reader: Reader,
  {
    workspaceId,
    search,
    before,
    limit,
  }: { workspaceId: string; search: string | null; before: { at: Date; id: string } | null; limit: number },
): Promise<AgentRow[]> {
  const pattern = search === null ? null : `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  return select(
    db,
    reader,
    sql`(a.workspace_id = ${workspaceId} or a.visibility = 'server') and a.deleted_at is null
      ${pattern === null ? sql`` : sql`and (a.name ilike ${pattern} or a.description ilike ${pattern})`}
      ${before ? sql`and (a.updated_at, a.id) < (${before.at}, ${before.id})` : sql``}
      order by a.updated_at desc, a.id desc limit ${limit}`,
  )
}

export async function find(db: Db | Tx, reader: Reader, id: string): Promise<AgentRow | undefined> {
  return (await select(db, reader, sql`a.id = ${id} and a.deleted_at is null`))[0]
}

/** The agent is locked before its version is read: a statement that does both would look for the version that counted when it began. */
export async function lockEditable(tx: Tx, reader: Reader, id: string, which?: 'deleted or not'): Promise<AgentRow | undefined> {
  await sql`select from agent where id = ${id} for update`.execute(tx)
  return (await select(tx, reader, sql`a.id = ${id} and ${mayEdit(reader)} ${which ? sql`` : sql`and a.deleted_at is null`}`))[0]
}

export async function countOwn(tx: Tx, ownerId: string, workspaceId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('agent')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('workspace_id', '=', workspaceId)
    .where('owner_id', '=', ownerId)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

export type Profile = Pick<AgentRow, 'name' | 'description' | 'icon' | 'color' | 'visibility'>

export async function insert(tx: Tx, agent: Profile & Pick<AgentRow, 'id' | 'workspace_id' | 'owner_id'>): Promise<void> {
  await tx.insertInto('principal').values({ id: agent.id, workspace_id: agent.workspace_id, kind: 'agent' }).execute()
  await tx.insertInto('agent').values(agent).execute()
}

export type Made = Pick<
  VersionRow,
  | 'instructions'
  | 'prompt_version_id'
  | 'variable_values'
  | 'model_id'
  | 'connection_id'
  | 'parameters'
  | 'tools'
  | 'starters'
  | 'max_steps'
  | 'guardrails'
  | 'note'
>

export async function insertVersion(
  tx: Tx,
  agent: Pick<AgentRow, 'id' | 'workspace_id'>,
  version: { number: number; createdBy: string; made: Made },
): Promise<void> {
  const { variable_values, parameters, tools, starters, guardrails, ...rest } = version.made
  await tx
    .insertInto('agent_version')
    .values({
      ...rest,
      id: newId(),
      workspace_id: agent.workspace_id,
      agent_id: agent.id,
      number: version.number,
      variable_values: JSON.stringify(variable_values),
      parameters: JSON.stringify(parameters),
      tools: tools && JSON.stringify(tools),
      starters: JSON.stringify(starters),
      guardrails: JSON.stringify(guardrails),
      created_by: version.createdBy,
    })
    .execute()
}

export async function update(tx: Tx, id: string, change: Partial<Profile> & { version: number }): Promise<void> {
  await tx
    .updateTable('agent')
    .set({ ...change, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

/** With all that is of it: an agent of the server belongs to no tenant. */
export async function move(tx: Tx, id: string, workspaceId: string, visibility: AgentRow['visibility']): Promise<void> {
  await tx.updateTable('agent').set({ workspace_id: workspaceId, visibility }).where('id', '=', id).execute()
  await tx.updateTable('agent_version').set({ workspace_id: workspaceId }).where('agent_id', '=', id).execute()
  await tx.updateTable('agent_picture').set({ workspace_id: workspaceId }).where('agent_id', '=', id).execute()
  await tx.updateTable('principal').set({ workspace_id: workspaceId }).where('id', '=', id).execute()
  await tx.deleteFrom('role_grant').where('scope', '=', 'agent').where('scope_id', '=', id).execute()
}

export async function setDeleted(tx: Tx, id: string, isDeleted: boolean): Promise<void> {
  await tx
    .updateTable('agent')
    .set({ deleted_at: isDeleted ? sql`now()` : null })
    .where('id', '=', id)
    .execute()
}

export async function listVersions(db: Db | Tx, agentId: string, before: number | null, limit: number): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    select ${versionColumns} from agent_version v ${versionJoins}
    where v.agent_id = ${agentId} ${before === null ? sql`` : sql`and v.number < ${before}`} order by v.number desc limit ${limit}`.execute(
    db,
  )
  return rows
}

export async function findVersion(db: Db | Tx, agentId: string, number: number): Promise<VersionRow | undefined> {
  const { rows } = await sql<VersionRow>`
    select ${versionColumns} from agent_version v ${versionJoins} where v.agent_id = ${agentId} and v.number = ${number}`.execute(db)
  return rows[0]
}

/** Their principals go with them; roles have no reference to what they are at. */
export async function removeDeleted(db: Db): Promise<void> {
  await sql`
    with gone as (select id from agent where deleted_at < now() - interval '30 days'),
    roles as (delete from role_grant where scope = 'agent' and scope_id in (select id from gone))
    delete from principal where id in (select id from gone) and kind = 'agent'`.execute(db)
}
