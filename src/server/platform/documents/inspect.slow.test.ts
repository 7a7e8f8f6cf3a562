import { deflateSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { pdf, png, program } from '../../../../test/support/sample-files.ts'
import { createInspector } from './index.ts'

const inspector = createInspector()
const hurried = createInspector({ timeoutMs: 1_500, maxGrowthBytes: 300 * 1024 * 1024 })
afterAll(() => Promise.all([inspector.close(), hurried.close()]))

const inspect = (bytes: Buffer, mime = '', name = 'file') => inspector.inspect(bytes, mime, name)

test('a picture has its size, a PDF its pages and text', async () => {
  expect(await inspect(png(30, 20))).toEqual({ kind: 'image', mime: 'image/png', width: 30, height: 20 })
  expect(await inspect(pdf(['One.', 'Two.']))).toEqual({
    kind: 'pdf',
    mime: 'application/pdf',
    pageCount: 2,
    text: '[Page 1]\nOne.\n\n[Page 2]\nTwo.',
  })
  expect(await inspect(pdf(['']))).toMatchObject({ kind: 'pdf', pageCount: 1, text: null })
})

test('text is read by its mark, as UTF-8, or in the old way; what has control characters is none', async () => {
  const text = async (bytes: Buffer) => {
    const found = await inspect(bytes)
    return 'kind' in found && found.kind === 'text' ? [found.text, found.isUtf8] : found
  }
  expect(await text(Buffer.from('Grüße'))).toEqual(['Grüße', true])
  expect(await text(Buffer.from('\ufeffGrüße'))).toEqual(['Grüße', false])
  expect(await text(Buffer.from('\ufeffGrüße', 'utf16le'))).toEqual(['Grüße', false])
  expect(await text(Buffer.from('Grüße', 'latin1'))).toEqual(['Grüße', false])
  expect(await text(Buffer.from('<?xml version="1.0"?><a/>'))).toEqual(['<?xml version="1.0"?><a/>', true])
  expect(await text(Buffer.from([1, 2, 3, 250]))).toEqual({ refused: 'type_unsupported', isSuspicious: false })
})

test('what it claims to be decides only whether a refusal is suspicious', async () => {
  expect(await inspect(program(), 'application/x-msdownload', 'setup.exe')).toEqual({ refused: 'type_unsupported', isSuspicious: false })
  expect(await inspect(program(), 'image/png', 'a')).toEqual({ refused: 'type_mismatch', isSuspicious: true })
  expect(await inspect(png(), 'application/pdf', 'a.pdf')).toMatchObject({ kind: 'image' })
})

test('a picture of more pixels than a browser can hold is refused by its header', async () => {
  const bytes = png(1, 1)
  bytes.writeUInt32BE(60_000, 16)
  bytes.writeUInt32BE(60_000, 20)
  expect(await inspect(bytes)).toEqual({ refused: 'too_complex', isSuspicious: true })
})

test('a PDF that unpacks without end takes neither the time nor the memory of the server', { timeout: 30_000 }, async () => {
  // Four layers, each a thousand times smaller than what it unpacks to.
  const bomb = deflateSync(Buffer.alloc(400 * 1024 * 1024, 'BT (a) Tj ET '), { level: 9 })
  const before = process.memoryUsage.rss()
  const startedAt = performance.now()
  const found = await hurried.inspect(pdf(['x', 'x', 'x', 'x'], bomb), '', 'bomb.pdf')
  expect(found).toEqual({ refused: 'too_complex', isSuspicious: true })
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  expect(process.memoryUsage.rss() - before).toBeLessThan(1_200 * 1024 * 1024)
  // The next one is read as ever.
  expect(await hurried.inspect(pdf(['Fine.']), '', 'fine.pdf')).toMatchObject({ kind: 'pdf', pageCount: 1 })
})

test('a PDF that is being read when the server stops is not called damaged', async () => {
  const closing = createInspector()
  const reading = [closing.inspect(pdf(['One.']), '', 'a.pdf'), closing.inspect(pdf(['Two.']), '', 'b.pdf')]
  const outcomes = Promise.allSettled(reading)
  await new Promise((resolve) => setImmediate(resolve))
  await closing.close()
  // Read to its end, or not at all.
  const verdicts = (await outcomes).map((one) =>
    one.status === 'rejected' ? (one.reason as { code?: string }).code : Object.keys(one.value)[0],
  )
  expect(verdicts.filter((verdict) => verdict !== 'server.stopping' && verdict !== 'kind')).toEqual([])
  expect(verdicts).toContain('server.stopping')
})
