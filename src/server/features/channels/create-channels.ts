import { createPoller, type Poller } from '../../platform/jobs/poller.ts'
import type { ChannelDeps } from './channel-deps.ts'
import { events } from './process-events.ts'
import { deliveries } from './send-deliveries.ts'

/** How long an event or an answer waits whose process died before it could wake anybody. */
const everyMs = 2_000

export interface Channels {
  deps: ChannelDeps
  start(): void
  close(): Promise<void>
}

export function createChannels(given: Omit<ChannelDeps, 'events' | 'deliveries'>): Channels {
  const deps: ChannelDeps & { events: Poller; deliveries: Poller } = {
    ...given,
    events: createPoller(
      { claim: (limit) => events.claim(deps, limit), work: (event) => events.work(deps, event) },
      { everyMs, maxAtOnce: 16, log: given.log, name: 'events' },
    ),
    deliveries: createPoller(
      { claim: (limit) => deliveries.claim(deps, limit), work: (delivery) => deliveries.work(deps, delivery) },
      { everyMs, maxAtOnce: 32, log: given.log, name: 'deliveries' },
    ),
  }
  const pollers = [deps.events, deps.deliveries]
  return {
    deps,
    start: () => pollers.forEach((poller) => poller.start()),
    close: async () => void (await Promise.all(pollers.map((poller) => poller.close()))),
  }
}
