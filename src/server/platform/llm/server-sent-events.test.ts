import { expect, test } from 'vitest'
import { createEventReader } from './server-sent-events.ts'

const read = (...pieces: (string | Uint8Array)[]) => {
  const reader = createEventReader()
  return pieces.flatMap((piece) => reader.read(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece))
}

test.each([
  ['one event', ['data: {"a":1}\n\n'], ['{"a":1}']],
  ['no space after the colon', ['data:x\n\n'], ['x']],
  ['only the first space is dropped', ['data:  x\n\n'], [' x']],
  ['carriage returns', ['data: a\r\n\r\ndata: b\r\n\r\n'], ['a', 'b']],
  ['several lines of one event', ['data: a\ndata: b\n\n'], ['a\nb']],
  ['names, ids, comments and waits', [': hello\nevent: ping\nid: 7\nretry: 10\ndata: x\n\n'], ['x']],
  ['events without data', ['event: ping\n\n: keep-alive\n\n'], []],
  ['empty data', ['data:\n\n'], ['']],
  ['an event that never ends', ['data: a\n\ndata: b\n'], ['a']],
  ['pieces cut anywhere', ['da', 'ta: a', 'b\n', '\ndata: c', '\n\n'], ['ab', 'c']],
  ['a cut between carriage return and line feed', ['data: a\r', '\n\r', '\ndata: b\r\n\r\n'], ['a', 'b']],
])('%s', (_what, pieces, expected) => {
  expect(read(...pieces)).toEqual(expected)
})

test('a letter of several bytes may be cut in its middle', () => {
  const bytes = new TextEncoder().encode('data: Grüße 🙂\n\n')
  for (let cut = 1; cut < bytes.length; cut++) {
    expect(read(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(['Grüße 🙂'])
  }
})

test('a line without end is refused before it is too much, and costs no more by its pieces', () => {
  const reader = createEventReader()
  const piece = new TextEncoder().encode('x'.repeat(64 * 1024))
  const readAll = () => {
    for (let count = 0; count < 1000; count++) reader.read(piece)
  }
  expect(readAll).toThrow('The provider sent something that could not be read.')
})
