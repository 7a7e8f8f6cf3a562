import { type Selectable, sql } from 'kysely'
import type { QuestionBody, QuestionState } from '../../../contract/tool-questions.ts'
import { type Db, storableJson, type Tx } from '../../platform/db/index.ts'
import type { ToolQuestionTable } from './tables.ts'

export type QuestionRow = Selectable<ToolQuestionTable>

/** A call of a turn that is still this process's. */
export interface CallPlace {
  workspaceId: string
  turnId: string
  epoch: number
  /** Of the row. */
  callId: string
  askedOf: string
}

/** Asked once: a call that runs again finds what it asked before. Undefined where the turn is somebody else's now. */
export async function ask(
  db: Db,
  place: CallPlace,
  question: { id: string; key: string; body: QuestionBody; expiresAt: Date; state: 'asked' | 'accepted' },
): Promise<QuestionRow | undefined> {
  await sql`
    insert into tool_question (id, workspace_id, turn_id, tool_call_id, key, asked_of, body, state, expires_at)
    select ${question.id}, t.workspace_id, t.id, c.id, ${question.key}, ${place.askedOf}, ${storableJson(question.body)}::jsonb, ${question.state}, ${question.expiresAt}
    from turn t join tool_call c on c.turn_id = t.id
    where t.workspace_id = ${place.workspaceId} and t.id = ${place.turnId} and t.epoch = ${place.epoch} and c.id = ${place.callId}
    on conflict (tool_call_id, key) do nothing
  `.execute(db)
  return db
    .selectFrom('tool_question')
    .selectAll()
    .where('workspace_id', '=', place.workspaceId)
    .where('tool_call_id', '=', place.callId)
    .where('key', '=', question.key)
    .executeTakeFirst()
}

export async function find(db: Db, workspaceId: string, id: string): Promise<QuestionRow | undefined> {
  return db.selectFrom('tool_question').selectAll().where('workspace_id', '=', workspaceId).where('id', '=', id).executeTakeFirst()
}

/** Of whoever was asked, and whether its call still runs. */
export async function lockAsked(tx: Tx, askedOf: string, id: string): Promise<(QuestionRow & { is_running: boolean }) | undefined> {
  return tx
    .selectFrom('tool_question')
    .innerJoin('tool_call', 'tool_call.id', 'tool_question.tool_call_id')
    .selectAll('tool_question')
    .select(sql<boolean>`tool_call.state = 'running'`.as('is_running'))
    .where('tool_question.id', '=', id)
    .where('tool_question.asked_of', '=', askedOf)
    .forUpdate('tool_question')
    .executeTakeFirst()
}

export async function answer(
  tx: Tx,
  { workspace_id, id }: Pick<QuestionRow, 'workspace_id' | 'id'>,
  state: QuestionState,
  sealed: Buffer | null,
): Promise<void> {
  await tx
    .updateTable('tool_question')
    .set({ state, sealed_answer: sealed, answered_at: new Date() })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
}

/** Ends those that nobody has answered. */
export async function endOpen(db: Db, workspaceId: string, ids: readonly string[], state: 'cancelled' | 'expired'): Promise<void> {
  await db
    .updateTable('tool_question')
    .set({ state, answered_at: new Date() })
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .where('state', '=', 'asked')
    .execute()
}

export async function amend(db: Db, place: CallPlace, key: string, body: QuestionBody): Promise<QuestionRow | undefined> {
  return db
    .updateTable('tool_question')
    .set({ body: storableJson(body) })
    .where('workspace_id', '=', place.workspaceId)
    .where('tool_call_id', '=', place.callId)
    .where('key', '=', key)
    .returningAll()
    .executeTakeFirst()
}

/** What a person was asked to connect to, wherever it waits. */
export async function acceptConnects(tx: Tx, askedOf: string, workspaceId: string, serverId: string): Promise<string[]> {
  const rows = await tx
    .updateTable('tool_question')
    .set({ state: 'accepted', answered_at: new Date() })
    .where('workspace_id', '=', workspaceId)
    .where('asked_of', '=', askedOf)
    .where('state', '=', 'asked')
    .where(sql<boolean>`body ->> 'kind' = 'connect' and body ->> 'serverId' = ${serverId}`)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

export async function findWantedScope(db: Db, askedOf: string, workspaceId: string, serverId: string): Promise<string | null> {
  const row = await db
    .selectFrom('tool_question')
    .select(sql<string | null>`body ->> 'scope'`.as('scope'))
    .where('workspace_id', '=', workspaceId)
    .where('asked_of', '=', askedOf)
    .where('state', '=', 'asked')
    .where(sql<boolean>`body ->> 'kind' = 'connect' and body ->> 'serverId' = ${serverId}`)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.scope ?? null
}

/** From now on the call may begin again after an interruption, with this; with null it may not, or as its tool says. */
export async function keepMemo(db: Db, place: CallPlace, sealed: Buffer | null, isRepeatable: boolean): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql`
      update tool_call c set is_repeatable = ${isRepeatable} from turn t
      where t.id = c.turn_id and t.workspace_id = ${place.workspaceId} and t.id = ${place.turnId} and t.epoch = ${place.epoch}
        and c.id = ${place.callId} and c.state = 'running' returning c.id
    `.execute(tx)
    if (rows.length === 0) return
    await tx.deleteFrom('tool_call_memo').where('workspace_id', '=', place.workspaceId).where('tool_call_id', '=', place.callId).execute()
    if (sealed)
      await tx.insertInto('tool_call_memo').values({ tool_call_id: place.callId, workspace_id: place.workspaceId, sealed }).execute()
  })
}

export async function findMemo(db: Db, place: CallPlace): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('tool_call_memo')
    .select('sealed')
    .where('workspace_id', '=', place.workspaceId)
    .where('tool_call_id', '=', place.callId)
    .executeTakeFirst()
  return row?.sealed
}
