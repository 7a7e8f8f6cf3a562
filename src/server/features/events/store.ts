import { sql } from 'kysely'
import type { UserEvent } from '../../../contract/events.ts'
import type { StoredUserEvent } from './tables.ts'
import { type Db, storableJson, type Tx } from '../../platform/db/index.ts'
import type { CounterStreamLog } from '../../platform/events/index.ts'

export function userEventLog(db: Db): CounterStreamLog<UserEvent> {
  return {
    async read(streamId, after, limit) {
      let rows = await readRows(db, streamId, after, limit)
      if (rows.length === 0) {
        const last = await lastSeq(db, streamId)
        if (last === after) return { entries: [], isGap: false }
        // Something was written between the two reads, or what was written is no longer kept. A position past the end is of another database.
        if (last > after) rows = await readRows(db, streamId, after, limit)
      }
      const isGap = rows[0]?.seq !== after + 1n
      return { entries: rows.flatMap(({ seq, event }) => apart(event).map((one) => ({ seq, event: one }))), isGap }
    },
    lastSeq: (streamId) => lastSeq(db, streamId),
    async lastSeqs(streamIds) {
      const rows = await db.selectFrom('stream_counter').select(['stream_id', 'last_seq']).where('stream_id', 'in', streamIds).execute()
      return new Map(rows.map((row) => [row.stream_id, row.last_seq]))
    },
  }
}

function readRows(db: Db, streamId: string, after: bigint, limit: number) {
  return db
    .selectFrom('user_event')
    .select(['seq', 'event'])
    .where('stream_id', '=', streamId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

/** A turn's change is stored with its conversation as it stood then; clients get the two events of the contract, the conversation first. */
function apart(event: StoredUserEvent): UserEvent[] {
  if (event.type !== 'turn-changed') return [event]
  const { conversation, ...turnChanged } = event
  return conversation ? [{ type: 'conversation-changed', conversation }, turnChanged] : [turnChanged]
}

async function lastSeq(db: Db, streamId: string): Promise<bigint> {
  const row = await db.selectFrom('stream_counter').select('last_seq').where('stream_id', '=', streamId).executeTakeFirst()
  return row?.last_seq ?? 0n
}

/** Appends inside the transaction that makes the events true; its counter lock comes last. Announce the streams after the commit. */
export async function appendUserEvents(tx: Db | Tx, events: readonly [streamId: string, event: UserEvent][]): Promise<void> {
  await sql`select append_user_events(${storableJson(events)}::jsonb)`.execute(tx)
}
