import { sql } from 'kysely'
import type { Db } from '../../src/server/platform/db/index.ts'
import type { Person } from './test-app.ts'

/** As many messages as nobody writes in a test, in an empty conversation. Answers with the id of the last one. */
export async function insertMessages(db: Db, person: Person, conversationId: string, count: number): Promise<string> {
  const branchId = crypto.randomUUID()
  // Valid ids that can be computed, so that each row knows its parent.
  const idOf = (n: string) => sql.raw(`overlay(overlay(md5('${conversationId}' || ${n}) placing '7' from 13) placing '8' from 17)::uuid`)
  return db.transaction().execute(async (tx) => {
    await sql`insert into branch (id, workspace_id, conversation_id, fork_depth)
      values (${branchId}, ${person.workspaceId}, ${conversationId}, 0)`.execute(tx)
    await sql`insert into message (id, workspace_id, conversation_id, parent_id, branch_id, depth, serial, author_id, role, parts)
      select ${idOf('n')}, ${person.workspaceId}, ${conversationId}, case when n > 0 then ${idOf('(n - 1)')} end, ${branchId}, n, n + 1, ${person.id},
        case when n % 2 = 0 then 'user' else 'assistant' end,
        jsonb_build_array(jsonb_build_object('type', 'text', 'step', n % 2, 'text',
          'Message ' || n || ': ' || repeat('some words of it ', 1 + (n * 7919) % 60)))
      from generate_series(0, ${count - 1}::int) n`.execute(tx)
    const { rows } = await sql<{
      head_id: string
    }>`update conversation set head_id = ${idOf(String(count - 1))}, next_serial = ${count + 1} where id = ${conversationId} returning head_id`.execute(
      tx,
    )
    return rows[0]!.head_id
  })
}
