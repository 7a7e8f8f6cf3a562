import type { Kysely, Transaction } from 'kysely'

/**
 * All tables, for typed queries. Each feature adds its own in its `tables.ts`:
 * `declare module '../../platform/db/index.ts' { interface Tables { conversation: ConversationTable } }`
 */
// oxlint-disable-next-line typescript/no-empty-interface -- filled by declaration merging
export interface Tables {}

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

/** Wakes other processes. Runs on a connection of its own: NOTIFY inside business transactions serialises their commits. */
export interface Notifier {
  notify(channel: string, payload: string): void
  /** `onReconnect` runs after the connection was lost: whatever was sent in between was missed. */
  listen(channel: string, onPayload: (payload: string) => void, onReconnect?: () => void): Promise<() => Promise<void>>
}

export interface Database {
  readonly kind: 'embedded' | 'postgres'
  readonly db: Db
  /** The same database at low priority: on the embedded one its statements wait for everybody else's. */
  readonly background: Db
  readonly notifier: Notifier
  /** Throws `database.unavailable`. */
  ping(): Promise<void>
  close(): Promise<void>
}
