import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Notifier } from '../db/index.ts'
import { LiveStream, type LogEntry } from './live-stream.ts'
import { StreamHub, type StreamLog } from './stream-hub.ts'

/** Text that grows; `at` is where a piece begins, so that pieces can be merged and applied twice. */
type Piece = { at: number; text: string } | 'end'

const merge = (earlier: Piece, later: Piece): Piece | undefined =>
  earlier !== 'end' && later !== 'end' && earlier.at + earlier.text.length === later.at
    ? { at: earlier.at, text: earlier.text + later.text }
    : undefined

/** A log as the database keeps it, in memory: what was committed, by epoch and sequence. */
class MemoryLog implements StreamLog<Piece> {
  readonly entries: (LogEntry<Piece> & { epoch: number })[] = []
  readonly isEnd = (piece: Piece) => piece === 'end'

  async read(_: string, after: { epoch: number; seq: number }, limit: number) {
    await Promise.resolve()
    return this.entries
      .filter((entry) => entry.epoch > after.epoch || (entry.epoch === after.epoch && entry.last > after.seq))
      .slice(0, limit)
  }

  async final() {
    return undefined
  }
}

const listeners = new Set<(payload: string) => void>()
const notifier: Notifier = {
  notify: (_, payload) => listeners.forEach((listener) => listener(payload)),
  listen: async (_, onPayload) => {
    listeners.add(onPayload)
    return async () => void listeners.delete(onPayload)
  },
}

async function read(hub: StreamHub<Piece>, after?: { epoch: number; seq: number }) {
  let text = ''
  const ids: string[] = []
  for await (const items of hub.follow('stream', after, new AbortController().signal)) {
    for (const { id, event } of items) {
      ids.push(id)
      if (event !== 'end') text = text.slice(0, event.at) + event.text
    }
  }
  return { text, ids }
}

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), text: fc.string({ minLength: 1, maxLength: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('take' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('commit' as const, 'rollback' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('follow here' as const, 'follow elsewhere' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
)

test('whoever follows from whenever, here or elsewhere, reads the same text once, however writes and failures fall', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
      const log = new MemoryLog()
      const [here, elsewhere] = [new StreamHub(log, notifier, 'streams'), new StreamHub(log, notifier, 'streams')]
      await Promise.all([here.listen(), elsewhere.listen()])
      const live = new LiveStream<Piece>({ epoch: 1, isLogged: true, merge, sizeOf: () => 10 })
      here.register('stream', live)
      let whole = ''
      let writing: LogEntry<Piece>[] | undefined
      const commit = () => {
        log.entries.push(...(writing ?? []).map((entry) => ({ ...entry, epoch: 1 })))
        live.commit()
        writing = undefined
        here.announce(['stream'])
      }
      const readers: ReturnType<typeof read>[] = []
      for (const step of actions) {
        if (step.kind === 'append') {
          live.append({ at: whole.length, text: step.text })
          whole += step.text
        } else if (step.kind === 'take') writing ??= live.tryTake()
        else if (step.kind === 'commit' && writing) commit()
        else if (step.kind === 'rollback' && writing) {
          live.rollback()
          writing = undefined
        } else if (step.kind === 'follow here') readers.push(read(here))
        else if (step.kind === 'follow elsewhere') readers.push(read(elsewhere))
        else await new Promise((resolve) => setImmediate(resolve))
      }
      if (writing) commit()
      live.append('end')
      writing = await live.take()
      commit()
      here.unregister('stream', live)

      for (const seen of [...(await Promise.all(readers)), await read(here), await read(elsewhere)]) {
        expect(seen.text).toBe(whole)
        expect(new Set(seen.ids).size).toBe(seen.ids.length)
      }
      await Promise.all([here.close(), elsewhere.close()])
    }),
    { numRuns: 200 },
  )
})

test('a follower that is too slow goes on from the log, without a gap', async () => {
  const log = new MemoryLog()
  const hub = new StreamHub(log, notifier, 'streams')
  await hub.listen()
  const live = new LiveStream<Piece>({ epoch: 1, isLogged: true, merge, sizeOf: () => 100_000 })
  hub.register('stream', live)
  const stream = hub.follow('stream', undefined, new AbortController().signal)
  live.append({ at: 0, text: 'a' })
  const first = await stream.next()

  for (let at = 1; at < 20; at++) live.append({ at, text: 'b' })
  live.append('end')
  log.entries.push(...(await live.take()).map((entry) => ({ ...entry, epoch: 1 })))
  live.commit()
  hub.unregister('stream', live)

  let text = ''
  for (const item of first.value ?? []) if (item.event !== 'end') text = text.slice(0, item.event.at) + item.event.text
  for await (const items of stream) for (const { event } of items) if (event !== 'end') text = text.slice(0, event.at) + event.text
  expect(text).toBe(`a${'b'.repeat(19)}`)
  await hub.close()
})
