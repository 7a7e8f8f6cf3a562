import { createPoller } from '../../platform/jobs/poller.ts'
import type { ChannelDeps } from './channel-deps.ts'
import { processEvents } from './process-events.ts'
import { sendDeliveries } from './send-deliveries.ts'

/** How long an event or an answer waits whose process died before it could wake anybody. */
const everyMs = 2_000

export interface Channels {
  deps: ChannelDeps
  start(): void
  close(): Promise<void>
}

export function createChannels(given: Omit<ChannelDeps, 'events' | 'deliveries'>): Channels {
  const deps: ChannelDeps = {
    ...given,
    events: createPoller(() => processEvents(deps), { everyMs, log: given.log, name: 'events' }),
    deliveries: createPoller(() => sendDeliveries(deps), { everyMs, log: given.log, name: 'deliveries' }),
  }
  const pollers = [deps.events, deps.deliveries] as ReturnType<typeof createPoller>[]
  return {
    deps,
    start: () => pollers.forEach((poller) => poller.start()),
    close: async () => void (await Promise.all(pollers.map((poller) => poller.close()))),
  }
}
