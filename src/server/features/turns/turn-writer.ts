import type { TurnWrite, TurnWritten } from './hot-statements.ts'
import { LeftOff } from './run-control.ts'
import type { RunParts } from './run-parts.ts'

type CallResult = NonNullable<TurnWrite['results']>[number]

/** Writes of one run: each fenced, and with everything that has happened and is not written yet. */
export class TurnWriter {
  readonly #run: RunParts
  #results: CallResult[] = []

  constructor(run: RunParts) {
    this.#run = run
  }

  /** A tool call's end, for the next write. */
  addResult(result: CallResult): void {
    this.#results.push(result)
  }

  /** Throws `LeftOff` where somebody else has the turn now. */
  async write(item: Omit<TurnWrite, 'turnId' | 'epoch' | 'processId' | 'log'>): Promise<TurnWritten> {
    const { ports, job, stream, control } = this.#run
    const isDurable = job.conversationId !== null
    const entries = await stream.take()
    const results = this.#results
    this.#results = []
    let written: TurnWritten
    try {
      written = await ports.write({
        turnId: job.turnId,
        epoch: job.epoch,
        processId: ports.processId,
        log:
          isDurable && entries.length > 0
            ? [
                {
                  first: entries[0]!.first,
                  last: entries.at(-1)!.last,
                  events: entries.map(({ first, last, event }) => [first, last, event]),
                },
              ]
            : [],
        ...item,
        ...(results.length > 0 && { results }),
      })
    } catch (error) {
      stream.rollback()
      this.#results = [...results, ...this.#results]
      throw error
    }
    if (written.fenced) {
      stream.rollback()
      control.cancel('leave')
      throw new LeftOff()
    }
    stream.commit()
    if (written.followUps.length > 0) ports.startFollowUps(written.followUps)
    if (written.delivers) ports.wakeDeliveries()
    if (written.isWatched && job.conversationId) ports.onSpent(job.conversationId)
    return written
  }
}
