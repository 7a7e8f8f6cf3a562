import { batcher } from '../../platform/db/batcher.ts'
import { createPoller, type Poller } from '../../platform/jobs/poller.ts'
import type { ChannelDeps } from './channel-deps.ts'
import { type IncomingEvent, keepEvents, releaseClaims } from './event-store.ts'
import { HookLimits } from './hook-limits.ts'
import { openInstallations } from './installation-cache.ts'
import { events } from './process-events.ts'
import { deliveries } from './send-deliveries.ts'

/** How long an event or an answer waits whose process died before it could wake anybody. */
const everyMs = 2_000

/** An event may have a megabyte. */
const maxKeptAtOnce = 32

type Given = Omit<ChannelDeps, 'installations' | 'hookLimits' | 'keepEvent' | 'events' | 'deliveries'>

export interface Channels {
  deps: ChannelDeps
  start(): Promise<void>
  close(): Promise<void>
}

export async function createChannels(given: Given & { eventsPerMinute: number }): Promise<Channels> {
  const deps: ChannelDeps & { events: Poller; deliveries: Poller } = {
    ...given,
    installations: await openInstallations(given.database, given.vault),
    hookLimits: new HookLimits(given.eventsPerMinute),
    keepEvent: batcher((items: IncomingEvent[]) => keepEvents(given.database, items), maxKeptAtOnce),
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
    async start() {
      // Nobody else lives: what was being worked on is not any more.
      if (given.database.kind === 'embedded') await releaseClaims(given.db)
      pollers.forEach((poller) => poller.start())
    },
    async close() {
      await Promise.all(pollers.map((poller) => poller.close()))
      await deps.installations.close()
    },
  }
}
