import { sql } from 'kysely'
import type { UserEvent } from '../../../contract/events.ts'
import type { StoredUserEvent } from './tables.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { CounterStreamLog } from '../../platform/events/index.ts'

export function userEventLog(db: Db): CounterStreamLog<UserEvent> {
  return {
    async read(streamId, after, limit) {
      const entries = await db
        .selectFrom('user_event')
        .select(['seq', 'event'])
        .where('stream_id', '=', streamId)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute()
      const first = entries[0]?.seq
      const isGap = first === undefined ? (await lastSeq(db, streamId)) > after : first > after + 1n
      return { entries: entries.flatMap(({ seq, event }) => apart(event).map((one) => ({ seq, event: one }))), isGap }
    },
    lastSeq: (streamId) => lastSeq(db, streamId),
    async lastSeqs(streamIds) {
      const rows = await db.selectFrom('stream_counter').select(['stream_id', 'last_seq']).where('stream_id', 'in', streamIds).execute()
      return new Map(rows.map((row) => [row.stream_id, row.last_seq]))
    },
  }
}

/** A turn's change is stored with its conversation as it stood then; clients get the two events of the contract, the conversation first. */
function apart(event: StoredUserEvent): UserEvent[] {
  if (event.type !== 'turn-changed' || !event.conversation) return [event]
  const { conversation, ...turnChanged } = event
  return [{ type: 'conversation-changed', conversation }, turnChanged]
}

async function lastSeq(db: Db, streamId: string): Promise<bigint> {
  const row = await db.selectFrom('stream_counter').select('last_seq').where('stream_id', '=', streamId).executeTakeFirst()
  return row?.last_seq ?? 0n
}

/** Appends inside the transaction that makes the events true; its counter lock comes last. Announce the streams after the commit. */
export async function appendUserEvents(tx: Db | Tx, events: readonly [streamId: string, event: UserEvent][]): Promise<void> {
  await sql`select append_user_events(${JSON.stringify(events)}::jsonb)`.execute(tx)
}
