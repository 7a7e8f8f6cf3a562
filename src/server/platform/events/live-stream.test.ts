import { expect, test } from 'vitest'
import { LiveStream } from './live-stream.ts'

function open() {
  const stream = new LiveStream<string>({ epoch: 1, isLogged: true, merge: () => undefined, sizeOf: (event) => event.length })
  const { follower } = stream.follow()
  const left = new AbortController()
  /** What a follower has heard so far. */
  const heard = async () => {
    const next = follower.next(left.signal)
    const nothing = new Promise<[]>((resolve) => setImmediate(() => setImmediate(() => resolve([]))))
    const entries = await Promise.race([next, nothing])
    return typeof entries === 'string' ? entries : entries.map(({ event }) => event)
  }
  return { stream, heard, close: () => left.abort() }
}

test('what is held is heard once it is written, and nothing that comes after it is heard before', async () => {
  const { stream, heard, close } = open()
  stream.append('text')
  stream.appendHeld('end')
  stream.append('afterwards')
  expect(await heard()).toEqual(['text'])
  expect(stream.follow().unlogged.map(({ event }) => event)).toEqual(['text'])

  expect((await stream.take()).map(({ event }) => event)).toEqual(['text', 'end', 'afterwards'])
  expect(stream.follow().unlogged.map(({ event }) => event)).toEqual(['text'])
  stream.commit()
  expect(stream.follow()).toMatchObject({ unlogged: [], committed: 3 })
  close()
})

test('the follower of a held event hears it with the commit, not with a write that failed', async () => {
  const { stream, heard } = open()
  stream.appendHeld('end')
  await stream.take()
  stream.rollback()
  expect(stream.follow().unlogged).toEqual([])
  await stream.take()
  stream.commit()
  expect(await heard()).toEqual(['end'])
})
