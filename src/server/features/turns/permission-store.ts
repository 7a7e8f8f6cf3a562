import { sql } from 'kysely'
import type { Database, Db, Tx } from '../../platform/db/index.ts'

const decidedStatement = `
  select tool_name, decision from tool_permission where conversation_id = $1
  union all
  select tool_name, decision from tool_permission p
  where workspace_id = $2 and agent_id = $3 and decided_by = $4
    and not exists (select from tool_permission c where c.conversation_id = $1 and c.tool_name = p.tool_name)`

/** What was answered for good and counts here, by tool. What was said of the conversation counts before what was said of the agent. */
export async function readDecided(
  { call }: Pick<Database, 'call'>,
  place: { conversationId: string; workspaceId: string; agentId: string | null; actorId: string },
): Promise<Map<string, 'allow' | 'deny'>> {
  const rows = await call<{ tool_name: string; decision: 'allow' | 'deny' }>('read_decided_tools', decidedStatement, [
    place.conversationId,
    place.workspaceId,
    place.agentId,
    place.actorId,
  ])
  return new Map(rows.map((row) => [row.tool_name, row.decision]))
}

export interface KeptPermission {
  id: string
  workspaceId: string
  place: { conversationId: string } | { agentId: string }
  toolName: string
  decision: 'allow' | 'deny'
  decidedBy: string
}

/** The last word counts. */
export async function keepPermission(tx: Tx, { id, workspaceId, place, toolName, decision, decidedBy }: KeptPermission): Promise<void> {
  const isAgent = 'agentId' in place
  await tx
    .insertInto('tool_permission')
    .values({
      id,
      workspace_id: workspaceId,
      conversation_id: isAgent ? null : place.conversationId,
      agent_id: isAgent ? place.agentId : null,
      tool_name: toolName,
      decision,
      decided_by: decidedBy,
    })
    .onConflict((conflict) =>
      (isAgent
        ? conflict.columns(['workspace_id', 'agent_id', 'decided_by', 'tool_name']).where('agent_id', 'is not', null)
        : conflict.columns(['conversation_id', 'tool_name']).where('conversation_id', 'is not', null)
      ).doUpdateSet({ decision, decided_by: decidedBy, created_at: sql`now()` }),
    )
    .execute()
}

/** A word for good holds for a tool as it was, and for nothing else that is given its name. */
export async function forgetAllowed(tx: Tx, workspaceId: string, toolNames: readonly string[]): Promise<void> {
  if (toolNames.length === 0) return
  await tx
    .deleteFrom('tool_permission')
    .where('workspace_id', '=', workspaceId)
    .where('decision', '=', 'allow')
    .where('tool_name', 'in', toolNames)
    .execute()
}

export interface PermissionRow {
  id: string
  tool_name: string
  decision: 'allow' | 'deny'
  agent_id: string | null
  decided_by_name: string | null
  created_at: Date
}

/** Those of a conversation, and the person's own for the agents that have answered in it. */
export async function listPermissions(
  db: Db,
  conversation: { id: string; workspaceId: string },
  principalId: string,
): Promise<PermissionRow[]> {
  const { rows } = await sql<PermissionRow>`
    select p.id, p.tool_name, p.decision, p.agent_id, u.name as decided_by_name, p.created_at
    from tool_permission p left join user_account u on u.id = p.decided_by
    where p.conversation_id = ${conversation.id}
      or p.workspace_id = ${conversation.workspaceId} and p.decided_by = ${principalId} and p.agent_id in (
        select (s.settings ->> 'agentId')::uuid from turn t join settings_snapshot s on s.id = t.settings_id where t.conversation_id = ${conversation.id}
      )
    order by p.tool_name, p.created_at
  `.execute(db)
  return rows
}

/** False where there is none that the person may take back: of a conversation in which they may decide, or their own for an agent. */
export async function deletePermission(db: Db, id: string, viewer: { principalId: string; workspaceIds: string[] }): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    delete from tool_permission p where id = ${id} and (
      p.agent_id is not null and p.decided_by = ${viewer.principalId}
      or exists (
        select from conversation c where c.id = p.conversation_id and c.deleted_at is null and (c.owner_id = ${viewer.principalId}
          or c.visibility = 'workspace' and c.source in ('web', 'api') and c.workspace_id = any (${viewer.workspaceIds}::uuid[]))
      )
    ) returning id
  `.execute(db)
  return rows.length > 0
}
