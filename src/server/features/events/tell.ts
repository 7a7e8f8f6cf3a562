import type { UserEvent } from '../../../contract/events.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { CounterStreams } from '../../platform/events/index.ts'
import { appendUserEvents } from './store.ts'

/**
 * Writes an event for people in the transaction that makes it true, as its last statement, since it locks their counters. What it resolves with is
 * to be called after the commit: it wakes whoever follows.
 */
export type Tell = (tx: Tx, principalIds: readonly string[], event: UserEvent) => Promise<() => void>

export function tellPeople(userStreams: CounterStreams<UserEvent>): Tell {
  return async (tx, principalIds, event) => {
    // Locks are taken in the order of ids everywhere.
    const ids = [...principalIds].sort()
    if (ids.length > 0)
      await appendUserEvents(
        tx,
        ids.map((id) => [id, event]),
      )
    return () => userStreams.announce(ids)
  }
}
