import type { UserEvent } from '../../../contract/events.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { CounterStreamBatch, CounterStreams } from '../../platform/events/index.ts'

export interface EventDeps {
  userStreams: CounterStreams<UserEvent>
}

/** The actor's own events after a position, from now on where there is none: everything after this resolves is seen. */
export async function followEvents(
  deps: EventDeps,
  actor: Actor,
  after: string | undefined,
  signal: AbortSignal,
): Promise<AsyncGenerator<CounterStreamBatch<UserEvent>>> {
  check(actor, 'profile', 'read', 'own')
  const position = /^\d{1,18}$/.test(after ?? '') ? BigInt(after!) : await deps.userStreams.lastPosition(actor.principalId)
  return deps.userStreams.follow(actor.principalId, position, signal)
}
