import { sql } from 'kysely'
import type { Db } from '../../platform/db/index.ts'
import type { ServerRow } from './store.ts'

/** Until then a claim is somebody's; a process that died with it loses no more than that. */
const claimSeconds = 180
/** What has just been told of is not asked again at once. */
const restSeconds = 60

/**
 * Those that are due, for this process alone. What is connected or has failed is asked; what sleeps (`disconnected`) is not woken, programs are not started, and credentials of a person are not used
 * without them.
 */
export async function claimDue(db: Db, limit: number): Promise<{ id: string; workspace_id: string; check_failures: number }[]> {
  const { rows } = await sql<Pick<ServerRow, 'id' | 'workspace_id'> & { check_failures: number }>`
    update mcp_server set check_at = now() + make_interval(secs => ${claimSeconds})
    where id in (
      select id from mcp_server
      where is_enabled and transport <> 'stdio' and credentials = 'shared' and status in ('connected', 'error')
        and status_at < now() - make_interval(secs => ${restSeconds}) and (check_at is null or check_at <= now())
      order by check_at nulls first limit ${limit}
      for update skip locked
    )
    returning id, workspace_id, check_failures`.execute(db)
  return rows
}

export async function noteCheck(
  db: Db,
  { id, workspace_id }: Pick<ServerRow, 'id' | 'workspace_id'>,
  failures: number,
  nextAt: Date,
): Promise<void> {
  await db
    .updateTable('mcp_server')
    .set({ check_failures: failures, check_at: nextAt })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
}
