import { sql } from 'kysely'
import type { ErrorNotice } from '../../../contract/errors.ts'
import type { TokenCounts, TurnState } from '../../../contract/messages.ts'
import type { Provider } from '../../../contract/models.ts'
import type { TurnEvent } from '../../../contract/turns.ts'
import { type Db, storableJson, type Tx } from '../../platform/db/index.ts'
import type { LogEntry, Position } from '../../platform/events/index.ts'
import type { StoredPart } from '../conversations/index.ts'
import type { Snapshot, SnapshotPrice, SnapshotSettings } from './snapshot.ts'
import type { StoredCallState } from './tables.ts'

export async function readEvents(
  db: Db,
  turnId: string,
  after: Position,
  limit: number,
): Promise<(LogEntry<TurnEvent> & { epoch: number })[]> {
  const rows = await db
    .selectFrom('turn_event')
    .select(['epoch', 'events'])
    .where('turn_id', '=', turnId)
    .where((where) =>
      where.or([where('epoch', '>', after.epoch), where.and([where('epoch', '=', after.epoch), where('last_seq', '>', after.seq)])]),
    )
    .orderBy('epoch')
    .orderBy('first_seq')
    .limit(limit)
    .execute()
  return rows.flatMap((row) => row.events.map(([first, last, event]) => ({ epoch: row.epoch, first, last, event })))
}

export interface TurnRow {
  id: string
  workspace_id: string
  actor_id: string
  conversation_id: string | null
  user_message_id: string | null
  answer_message_id: string | null
  state: TurnState
  epoch: number
  process_id: string | null
  takeovers: number
  step: number
  settings_id: string
  api_key_id: string | null
  stop_requested_at: Date | null
  error: ErrorNotice | null
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

const turnColumns = [
  'turn.id',
  'turn.workspace_id',
  'turn.actor_id',
  'turn.conversation_id',
  'turn.user_message_id',
  'turn.answer_message_id',
  'turn.state',
  'turn.epoch',
  'turn.process_id',
  'turn.takeovers',
  'turn.step',
  'turn.settings_id',
  'turn.api_key_id',
  'turn.stop_requested_at',
  'turn.error',
  'turn.created_at',
  'turn.started_at',
  'turn.finished_at',
] as const

/** A turn that the actor may see and end: its own, or of a conversation of its own or shared with its workspace. Those of contacts are the inbox's affair. */
export async function findTurn(
  db: Db | Tx,
  actor: { principalId: string; workspaceIds: string[] },
  id: string,
): Promise<TurnRow | undefined> {
  return db
    .selectFrom('turn')
    .leftJoin('conversation', 'conversation.id', 'turn.conversation_id')
    .select(turnColumns)
    .where('turn.id', '=', id)
    .where((where) =>
      where.or([
        where.and([where('turn.conversation_id', 'is', null), where('turn.actor_id', '=', actor.principalId)]),
        where.and([
          where('conversation.deleted_at', 'is', null),
          where.or([
            where('conversation.owner_id', '=', actor.principalId),
            ...(actor.workspaceIds.length > 0
              ? [
                  where.and([
                    where('conversation.visibility', '=', 'workspace'),
                    where('conversation.source', 'in', ['web', 'api']),
                    where('conversation.workspace_id', 'in', actor.workspaceIds),
                  ]),
                ]
              : []),
          ]),
        ]),
      ]),
    )
    .executeTakeFirst()
}

export async function getTurn(db: Db | Tx, id: string): Promise<TurnRow | undefined> {
  return db.selectFrom('turn').select(turnColumns).where('turn.id', '=', id).executeTakeFirst()
}

export async function lockTurn(tx: Tx, id: string): Promise<TurnRow | undefined> {
  return tx.selectFrom('turn').select(turnColumns).where('turn.id', '=', id).forUpdate().executeTakeFirst()
}

/** Locks in the order of the house: the conversation, then the turn. */
export async function lockTurnAndConversation(tx: Tx, id: string): Promise<TurnRow | undefined> {
  await sql`select 1 from conversation where id = (select conversation_id from turn where id = ${id}) for update`.execute(tx)
  return lockTurn(tx, id)
}

/** Running turns whose process is gone (or gave them up), now this process's, one epoch later. Giving up on purpose is not counted as a takeover. */
export async function claimOrphans(db: Db, processId: string, limit: number): Promise<TurnRow[]> {
  const { rows } = await sql<TurnRow>`
    update turn set epoch = epoch + 1, process_id = ${processId}, takeovers = takeovers + (case when process_id is null then 0 else 1 end)
    where id in (
      select t.id from turn t left join process p on p.id = t.process_id
      where t.state = 'running' and (p.id is null or p.lease_until < now())
      order by t.id limit ${limit} for update of t skip locked
    ) returning turn.*
  `.execute(db)
  return rows
}

/** The turns that this process has by the database. */
export async function listOwn(db: Db, processId: string): Promise<string[]> {
  const rows = await db.selectFrom('turn').select('id').where('process_id', '=', processId).where('state', '=', 'running').execute()
  return rows.map((row) => row.id)
}

/** Turns that this process has by the database and does not run: the answer that would have told it was lost. One epoch later. */
export async function claimOwn(db: Db, processId: string, ids: readonly string[]): Promise<TurnRow[]> {
  const { rows } = await sql<TurnRow>`
    update turn set epoch = epoch + 1, takeovers = takeovers + 1 where process_id = ${processId} and state = 'running' and id = any (${ids}::uuid[]) returning turn.*
  `.execute(db)
  return rows
}

/** Queued turns whose predecessor has ended without starting them. */
export async function claimForgottenFollowUps(db: Db, processId: string, limit: number): Promise<TurnRow[]> {
  const { rows } = await sql<TurnRow>`
    update turn set state = 'running', process_id = ${processId}, started_at = now()
    where id in (
      select t.id from turn t join message m on m.id = t.user_message_id left join turn before on before.answer_message_id = m.parent_id
      where t.state = 'queued' and (before.id is null or not is_answering_before(before.answer_message_id))
      order by t.id limit ${limit} for update of t skip locked
    ) returning turn.*
  `.execute(db)
  return rows
}

/** Takes a turn that no living process runs, to close it. Undefined where one does, or it has ended. */
export async function claimToClose(db: Db, id: string, processId: string): Promise<TurnRow | undefined> {
  const { rows } = await sql<TurnRow>`
    update turn set state = 'running', epoch = epoch + 1, process_id = ${processId}, started_at = coalesce(started_at, now()),
      stop_requested_at = coalesce(stop_requested_at, now())
    where id = ${id} and (state in ('queued', 'waiting')
      or state = 'running' and not exists (select from process p where p.id = turn.process_id and p.lease_until >= now()))
    returning turn.*
  `.execute(db)
  return rows[0]
}

/** False where it does not run. */
export async function requestStop(db: Db, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('turn')
    .set({ stop_requested_at: sql`coalesce(stop_requested_at, now())` })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Turns that this process runs and somebody asked to stop. */
export async function listStopRequests(db: Db, processId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('turn')
    .select('id')
    .where('process_id', '=', processId)
    .where('state', '=', 'running')
    .where('stop_requested_at', 'is not', null)
    .execute()
  return rows.map((row) => row.id)
}

/** False where the call does not run (any more). */
export async function requestCancel(db: Db, turnId: string, callId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('tool_call')
    .set({ cancel_requested_at: sql`coalesce(cancel_requested_at, now())` })
    .where('turn_id', '=', turnId)
    .where('call_id', '=', callId)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Calls that this process runs and somebody wants ended. */
export async function listCancelRequests(db: Db, processId: string): Promise<{ turn_id: string; call_id: string }[]> {
  return db
    .selectFrom('tool_call')
    .innerJoin('turn', 'turn.id', 'tool_call.turn_id')
    .select(['tool_call.turn_id', 'tool_call.call_id'])
    .where('turn.process_id', '=', processId)
    .where('turn.state', '=', 'running')
    .where('tool_call.state', '=', 'running')
    .where('tool_call.cancel_requested_at', 'is not', null)
    .execute()
}

/** Gives up all of a process's running turns, for others to take at once. */
export async function releaseTurns(db: Db, processId: string): Promise<void> {
  await db.updateTable('turn').set({ process_id: null }).where('process_id', '=', processId).where('state', '=', 'running').execute()
}

export async function getSnapshot(db: Db | Tx, id: string): Promise<Omit<Snapshot, 'hash'>> {
  const row = await db.selectFrom('settings_snapshot').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return {
    id: row.id,
    provider: row.provider,
    modelId: row.model_id,
    modelName: row.model_name,
    connectionId: row.connection_id,
    keyOrigin: row.key_origin,
    systemPrompt: row.system_prompt,
    settings: row.settings satisfies SnapshotSettings,
    price: row.price satisfies SnapshotPrice,
  }
}

export async function getParts(db: Db | Tx, messageId: string): Promise<StoredPart[]> {
  const row = await db.selectFrom('message').select('parts').where('id', '=', messageId).executeTakeFirst()
  return row?.parts ?? []
}

/** Every turn of the conversation was started with this key, or by this app, and there is one. */
export async function isAskedOnlyBy(db: Db, conversationId: string, apiKeyId: string | null): Promise<boolean> {
  const { rows } = await sql<{ is_only: boolean | null }>`
    select bool_and(api_key_id is not distinct from ${apiKeyId}::uuid) as is_only from turn where conversation_id = ${conversationId}`.execute(
    db,
  )
  return rows[0]?.is_only ?? false
}

export interface AnswerToContinue {
  user_message_id: string
  state: TurnState
  parts: StoredPart[]
  provider: Provider
}

/** An answer with the turn it is of. What was written without one has nothing to continue. */
export async function findAnswer(db: Db, conversationId: string, messageId: string): Promise<AnswerToContinue | undefined> {
  const row = await db
    .selectFrom('message')
    .innerJoin('turn', 'turn.id', 'message.turn_id')
    .innerJoin('settings_snapshot', 'settings_snapshot.id', 'turn.settings_id')
    .select(['message.parent_id', 'turn.state', 'message.parts', 'settings_snapshot.provider'])
    .where('message.conversation_id', '=', conversationId)
    .where('message.id', '=', messageId)
    .where('message.role', '=', 'assistant')
    .where('message.deleted_at', 'is', null)
    .executeTakeFirst()
  return row?.parent_id ? { user_message_id: row.parent_id, state: row.state, parts: row.parts, provider: row.provider } : undefined
}

export interface CallRow {
  id: string
  step: number
  call_id: string
  tool_name: string
  arguments: unknown
  state: StoredCallState
  is_repeatable: boolean
  result: string | null
  cancel_requested_at?: Date | null
}

export async function listCalls(db: Db | Tx, turnId: string): Promise<CallRow[]> {
  return db
    .selectFrom('tool_call')
    .select(['id', 'step', 'call_id', 'tool_name', 'arguments', 'state', 'is_repeatable', 'result', 'cancel_requested_at'])
    .where('turn_id', '=', turnId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function listTasks(db: Db | Tx, turnId: string) {
  return db
    .selectFrom('task')
    .select([
      'id',
      'step',
      'attempt',
      'status',
      'prompt',
      'input_tokens',
      'output_tokens',
      'reasoning_tokens',
      'cache_read_tokens',
      'cache_write_tokens',
      'cost_nano_usd',
      'created_at',
    ])
    .where('turn_id', '=', turnId)
    .orderBy('step')
    .orderBy('attempt')
    .execute()
}

export async function extendReservation(db: Db, taskId: string, amountNanoUsd: bigint): Promise<boolean> {
  const { rows } = await sql<{ granted: boolean }>`select extend_reservation(${taskId}, ${amountNanoUsd}) as granted`.execute(db)
  return rows[0]!.granted
}

export async function appendUserEvents(db: Db | Tx, events: [streamId: string, event: object][]): Promise<void> {
  await sql`select append_user_events(${storableJson(events)}::jsonb)`.execute(db)
}

/** Renews this process's lease by the database's clock. False where the row is gone. */
export async function renewLease(db: Db, processId: string, leaseSeconds: number): Promise<void> {
  await sql`
    insert into process (id, lease_until) values (${processId}, now() + make_interval(secs => ${leaseSeconds}))
    on conflict (id) do update set lease_until = excluded.lease_until
  `.execute(db)
}

export async function endLease(db: Db, processId: string): Promise<void> {
  await db.deleteFrom('process').where('id', '=', processId).execute()
}

/** On the embedded database the lock on its directory proves that no other process lives. */
export async function endAllLeases(db: Db): Promise<void> {
  await db.deleteFrom('process').execute()
}

/** Rows of processes that died long ago. */
export async function sweepProcesses(db: Db): Promise<void> {
  await db.deleteFrom('process').where('lease_until', '<', sql<Date>`now() - interval '1 hour'`).execute()
}

/** One of theirs that is there. */
export async function hasConversation(db: Db, ownerId: string, id: string): Promise<boolean> {
  const row = await db.selectFrom('conversation').select('id').where('id', '=', id).where('owner_id', '=', ownerId).executeTakeFirst()
  return row !== undefined
}

export async function ownerOf(db: Db | Tx, conversationId: string): Promise<string | null> {
  const row = await db.selectFrom('conversation').select('owner_id').where('id', '=', conversationId).executeTakeFirst()
  return row?.owner_id ?? null
}

export async function listUnfinished(db: Db, conversationId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('turn')
    .select('id')
    .where('conversation_id', '=', conversationId)
    .where('state', 'in', ['queued', 'running', 'waiting'])
    .execute()
  return rows.map((row) => row.id)
}

/** Answers a question once. Undefined where it is not asked (any more). */
export async function decideCall(
  tx: Tx,
  decision: { turnId: string; callId: string; state: 'allowed' | 'denied'; result: string | null; decidedBy: string },
): Promise<CallRow | undefined> {
  return tx
    .updateTable('tool_call')
    .set({ state: decision.state, result: decision.result, decided_by: decision.decidedBy, decided_at: sql`now()` })
    .where('turn_id', '=', decision.turnId)
    .where('call_id', '=', decision.callId)
    .where('state', '=', 'asked')
    .returning(['id', 'step', 'call_id', 'tool_name', 'arguments', 'state', 'is_repeatable', 'result'])
    .executeTakeFirst()
}

/** A waiting turn runs again, here, one epoch later; its allowed calls are marked running. */
export async function continueTurn(tx: Tx, turnId: string, processId: string): Promise<{ turn: TurnRow; calls: CallRow[] }> {
  const { rows } = await sql<TurnRow>`
    update turn set state = 'running', epoch = epoch + 1, process_id = ${processId} where id = ${turnId} returning turn.*
  `.execute(tx)
  const calls = await tx
    .updateTable('tool_call')
    .set({ state: 'running', started_at: sql`now()` })
    .where('turn_id', '=', turnId)
    .where('state', '=', 'allowed')
    .returning(['id', 'step', 'call_id', 'tool_name', 'arguments', 'state', 'is_repeatable', 'result'])
    .execute()
  return { turn: rows[0]!, calls }
}

export async function setParts(tx: Tx, messageId: string, parts: StoredPart[]): Promise<void> {
  await tx
    .updateTable('message')
    .set({ parts: storableJson(parts) })
    .where('id', '=', messageId)
    .execute()
}

/** Appends to the log of a turn that nobody runs; its row must be locked. */
export async function appendIdleEvent(tx: Tx, turn: TurnRow, event: TurnEvent): Promise<void> {
  await sql`
    insert into turn_event (turn_id, epoch, first_seq, last_seq, events)
    select ${turn.id}, ${turn.epoch}, seq, seq, jsonb_build_array(jsonb_build_array(seq, seq, ${storableJson(event)}::jsonb))
    from (select coalesce(max(last_seq), 0) + 1 as seq from turn_event where turn_id = ${turn.id} and epoch = ${turn.epoch}) next
  `.execute(tx)
}

/** Tells the owner's devices how a turn stands, inside the transaction that changes it. */
export async function appendTurnChanged(tx: Tx, turn: TurnRow): Promise<string | null> {
  if (!turn.conversation_id) return null
  const owner = await ownerOf(tx, turn.conversation_id)
  if (!owner) return null
  await appendUserEvents(tx, [
    [
      owner,
      {
        type: 'turn-changed',
        conversationId: turn.conversation_id,
        turnId: turn.id,
        state: turn.state,
        userMessageId: turn.user_message_id,
        answerMessageId: turn.answer_message_id,
      },
    ],
  ])
  return owner
}

export async function totalsOf(db: Db, turnId: string): Promise<{ tokens: TokenCounts; costNanoUsd: string | null }> {
  const tasks = await listTasks(db, turnId)
  const sum = (column: 'input_tokens' | 'output_tokens' | 'reasoning_tokens' | 'cache_read_tokens' | 'cache_write_tokens') =>
    tasks.reduce((total, task) => total + (task[column] ?? 0), 0)
  const isKnown = tasks.every((task) => task.cost_nano_usd !== null)
  return {
    tokens: {
      input: sum('input_tokens'),
      output: sum('output_tokens'),
      reasoning: sum('reasoning_tokens'),
      cacheRead: sum('cache_read_tokens'),
      cacheWrite: sum('cache_write_tokens'),
    },
    costNanoUsd: isKnown ? String(tasks.reduce((total, task) => total + (task.cost_nano_usd ?? 0n), 0n)) : null,
  }
}
