import { createPoller, type Poller } from '../../platform/jobs/poller.ts'
import type { SummaryDeps } from './summary-deps.ts'
import { titles } from './title-conversations.ts'

/** How long a conversation waits whose process died before it could wake anybody. */
const everyMs = 30_000

/** What a model does for conversations while nobody waits for it. */
export function createSummaries(deps: SummaryDeps): Poller {
  return createPoller(
    { claim: (limit) => titles.claim(deps, limit), work: (row) => titles.work(deps, row) },
    { everyMs, maxAtOnce: 4, log: deps.log, name: 'titles' },
  )
}
