import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pdf, png } from '../../../../test/support/sample-files.ts'
import { createInspector, createPageReader } from '../../platform/documents/index.ts'
import { createEgress } from '../../platform/egress/index.ts'
import { fetchPage } from './fetch-page.ts'
import { type CitedAnswer, ToolFailure } from './tool.ts'

const paragraph = `<p>${'Lamps are tall where people are small, and the other way round. '.repeat(10)}</p>`
const answers: Record<string, { type: string; body: Buffer; status?: number; location?: string }> = {
  '/article': {
    type: 'text/html',
    body: Buffer.from(`<title>Lamps</title><article><h1>Lamps</h1>${paragraph.repeat(4)}<a href="/x">x</a></article>`),
  },
  '/moved': { type: 'text/plain', body: Buffer.from(''), status: 302, location: '/article' },
  '/old': { type: 'text/html; charset=iso-8859-1', body: Buffer.from('<p>Grüße aus Köln</p>', 'latin1') },
  '/paper': { type: 'application/pdf', body: pdf(['What the paper says.', 'And more.']) },
  '/scan': { type: 'application/pdf', body: pdf(['']) },
  '/picture': { type: 'image/png', body: png(30, 20) },
  '/program': { type: 'application/octet-stream', body: Buffer.from([1, 2, 3, 250]) },
  '/data': { type: 'application/json', body: Buffer.from('{"lamps": 3}') },
  '/unnamed': { type: '', body: Buffer.from('<!doctype html><p>A page all the same</p>') },
  '/long': { type: 'text/plain', body: Buffer.from('word '.repeat(10_000)) },
  '/huge': { type: 'text/html', body: Buffer.alloc(6 * 1024 * 1024, 'x') },
  '/gone': { type: 'text/plain', body: Buffer.from('no'), status: 410 },
}
const server = createServer((request, response) => {
  const { type, body, status = 200, location } = answers[request.url ?? ''] ?? { type: 'text/plain', body: Buffer.from(''), status: 404 }
  response.writeHead(status, { ...(type && { 'content-type': type }), ...(location && { location }) }).end(body)
})
const egress = createEgress({ allow: ['127.0.0.1'] })
const pages = createPageReader()
const inspector = createInspector()
const tool = fetchPage({ egress, pages, inspector })
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await Promise.all([egress.close(), pages.close(), inspector.close()])
})

const context = { callId: 'c', actorId: 'a', apiKeyId: null, workspaceId: 'w', turnId: 't', conversationId: null }
async function fetched(path: string, offset = 0): Promise<CitedAnswer> {
  const answer = await tool.run({ url: url + path, offset }, { ...context, signal: new AbortController().signal })
  if (typeof answer === 'string' || !('sources' in answer)) throw new Error('no sources')
  return answer
}
const failure = (path: string) =>
  fetched(path).then(
    () => 'read',
    (error: unknown) => (error instanceof ToolFailure ? error.message : String(error)),
  )

test('a page becomes Markdown, named by where it was in the end', async () => {
  const { text, sources } = await fetched('/moved')
  expect(text).toMatch(/^Source: http:\/\/127\.0\.0\.1:\d+\/article\nTitle: Lamps\nSite: 127\.0\.0\.1\n/)
  expect(text).toContain(`[x](${url}/x)`)
  expect(sources).toEqual([{ url: `${url}/article`, title: 'Lamps' }])
})

test('old letters, PDFs, data and pages without a type are read as what they are', async () => {
  expect((await fetched('/old')).text).toContain('Grüße aus Köln')
  expect((await fetched('/paper')).text).toContain('PDF, 2 pages\n\n[Page 1]\nWhat the paper says.')
  expect((await fetched('/data')).text).toContain('{"lamps": 3}')
  expect((await fetched('/unnamed')).text).toContain('A page all the same')
})

test('a long page is read on where it was left', async () => {
  const { text } = await fetched('/long')
  expect(text).toContain('[30000 characters follow; call again with offset 20000]')
  expect((await fetched('/long', 40_000)).text).not.toContain('follow')
  expect((await fetched('/long', 90_000)).text).toContain('(nothing more)')
})

test('what cannot be read says why', async () => {
  expect(await failure('/scan')).toContain('a PDF of 1 pages without words')
  expect(await failure('/picture')).toContain('is a picture (image/png, 30 × 20)')
  expect(await failure('/program')).toContain('a file of type application/octet-stream')
  expect(await failure('/huge')).toContain('could not be read')
  expect(await failure('/gone')).toContain('status 410')
})
