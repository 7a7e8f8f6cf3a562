import type { Generated, JSONColumnType } from 'kysely'
import type { Conversation } from '../../../contract/conversations.ts'
import type { UserEvent } from '../../../contract/events.ts'

/** The counter from which a stream's positions come, in the transaction that writes the event. */
export interface StreamCounterTable {
  stream_id: string
  last_seq: bigint
}

export type StoredUserEvent = UserEvent & { conversation?: Conversation | null }

export interface UserEventTable {
  stream_id: string
  seq: bigint
  event: JSONColumnType<StoredUserEvent>
  created_at: Generated<Date>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    stream_counter: StreamCounterTable
    user_event: UserEventTable
  }
}
