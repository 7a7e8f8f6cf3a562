import { sql } from 'kysely'
import { type Db, storableJson } from '../../platform/db/index.ts'

/** Kept beside a call of a turn that is still this process's. A call that runs again has its newest result. */
export async function keepResult(db: Db, result: { id: string; turnId: string; epoch: number; content: string }): Promise<void> {
  await sql`
    insert into tool_result (id, workspace_id, turn_id, content)
    select ${result.id}, t.workspace_id, t.id, ${storableJson([result.content])}::jsonb ->> 0 from turn t where t.id = ${result.turnId} and t.epoch = ${result.epoch}
    on conflict (id) do update set content = excluded.content
  `.execute(db)
}

/** Of one turn, for who may read it. */
export async function findResult(db: Db, turnId: string, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('tool_result').select('content').where('id', '=', id).where('turn_id', '=', turnId).executeTakeFirst()
  return row?.content
}

/** For a conversation's model: what it was shown the beginning of stands in its messages, of which some may be copies of another conversation's. */
export async function findResultIn(db: Db, conversationId: string, id: string): Promise<string | undefined> {
  const named = JSON.stringify([{ type: 'tool-call', whole: { id } }])
  const { rows } = await sql<{ content: string }>`
    select r.content from tool_result r join turn t on t.id = r.turn_id join conversation c on c.id = ${conversationId} and c.workspace_id = r.workspace_id
    where r.id = ${id} and (t.conversation_id = c.id
      or exists (select from message m where m.conversation_id = c.id and m.role = 'assistant' and m.parts @> ${named}::jsonb))
  `.execute(db)
  return rows[0]?.content
}
