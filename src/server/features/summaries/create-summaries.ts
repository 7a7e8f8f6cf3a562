import { createPoller, type Poller } from '../../platform/jobs/poller.ts'
import type { Answered } from '../turns/index.ts'
import { isLong, markDue, summaries } from './summarise-conversations.ts'
import type { SummaryDeps } from './summary-deps.ts'
import { titles } from './title-conversations.ts'

/** How long a conversation waits whose process died before it could wake anybody. */
const everyMs = 30_000

export interface Summaries {
  onAnswered(answered: Answered): void
  start(): void
  close(): Promise<void>
}

/** What a model does for conversations while nobody waits for it: titles, and summaries of what has become long. */
export function createSummaries(deps: SummaryDeps): Summaries {
  const { log } = deps
  const forTitles =
    deps.config.titles === 'model'
      ? createPoller(
          { claim: (limit) => titles.claim(deps, limit), work: (row) => titles.work(deps, row) },
          { everyMs, maxAtOnce: 4, log, name: 'titles' },
        )
      : undefined
  const forSummaries = createPoller(
    { claim: (limit) => summaries.claim(deps, limit), work: (row) => summaries.work(deps, row) },
    { everyMs, maxAtOnce: 4, log, name: 'summaries' },
  )
  const pollers: Poller[] = [forSummaries, ...(forTitles ? [forTitles] : [])]
  return {
    onAnswered(answered) {
      if (answered.isFirst) forTitles?.wake()
      if (!isLong(answered)) return
      markDue(deps, answered).then(
        () => forSummaries.wake(),
        // The next answer is as long, and tries again.
        (error: unknown) => log.warn({ err: error }, 'a long conversation could not be marked'),
      )
    },
    start: () => pollers.forEach((poller) => poller.start()),
    close: async () => void (await Promise.all(pollers.map((poller) => poller.close()))),
  }
}
