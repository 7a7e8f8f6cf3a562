import type { UserEvent } from '../../../contract/events.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { CounterStreamBatch, CounterStreams } from '../../platform/events/index.ts'

export interface EventDeps {
  userStreams: CounterStreams<UserEvent>
}

/** The actor's own events after a position, from now on where there is none. */
export function followEvents(
  deps: EventDeps,
  actor: Actor,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<CounterStreamBatch<UserEvent>> {
  check(actor, 'profile', 'read', 'own')
  return deps.userStreams.follow(actor.principalId, /^\d{1,18}$/.test(after ?? '') ? BigInt(after!) : undefined, signal)
}
