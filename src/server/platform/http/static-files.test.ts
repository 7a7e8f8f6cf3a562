import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HttpEnv } from './request.ts'
import { securityHeaders } from './security-headers.ts'
import { staticFiles } from './static-files.ts'

let dir: string
const app = new Hono<HttpEnv>()
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'parley-web-'))
  await mkdir(join(dir, 'web/assets/visitor'), { recursive: true })
  await mkdir(join(dir, 'web/visitor'))
  await mkdir(join(dir, 'web/frames'))
  await writeFile(join(dir, 'secret.txt'), 'outside')
  for (const [name, content] of Object.entries({
    'index.html': '<p>page',
    'assets/main-1a2b.js': 'plain',
    'assets/main-1a2b.js.br': 'brotli',
    'assets/main-1a2b.js.gz': 'gzip',
    'assets/visitor/panel-3c4d.js': 'panel',
    'visitor/widget.js': 'widget',
    'frames/diagram.html': '<p>frame',
    'frames/diagram.js': 'frame',
    'widget.js': 'loader',
  })) {
    await writeFile(join(dir, 'web', name), content)
  }
  app.use(securityHeaders('https://parley.example'))
  app.use(await staticFiles(join(dir, 'web')))
})
afterAll(() => rm(dir, { recursive: true }))
const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers })

test('a file with its hash in the name is kept for good, in the best form that the browser takes', async () => {
  const best = await get('/assets/main-1a2b.js', { 'accept-encoding': 'gzip, br' })
  expect([await best.text(), best.headers.get('content-encoding')]).toEqual(['brotli', 'br'])
  expect(best.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(best.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await (await get('/assets/main-1a2b.js', { 'accept-encoding': 'gzip' })).text()).toBe('gzip')
  const plain = await get('/assets/main-1a2b.js')
  expect([await plain.text(), plain.headers.get('content-encoding'), plain.headers.get('vary')]).toEqual(['plain', null, 'accept-encoding'])
})

test('a page of the web app is index.html, asked for afresh; anything else is not', async () => {
  for (const path of ['/', '/index.html', '/conversations/1']) {
    const page = await get(path, { accept: 'text/html,*/*' })
    expect([await page.text(), page.headers.get('cache-control')]).toEqual(['<p>page', 'no-cache'])
  }
  const etag = (await get('/')).headers.get('etag')!
  expect((await get('/', { 'if-none-match': etag })).status).toBe(304)
  for (const path of ['/api/x', '/v1/models', '/ws', '/assets/gone.js']) expect((await get(path, { accept: '*/*' })).status).toBe(404)
  expect((await get('/api/x', { accept: 'text/html' })).status).toBe(404)
  expect((await app.request('/', { method: 'POST' })).status).toBe(404)
})

test('a document to be framed runs as nobody and reaches nothing', async () => {
  const { headers } = await get('/frames/diagram.html')
  const policy = headers.get('content-security-policy')!.split('; ')
  expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "frame-ancestors 'self'", 'sandbox allow-scripts']))
  expect((await get('/frames/diagram.js')).headers.get('access-control-allow-origin')).toBe('*')
  expect((await get('/')).headers.get('content-security-policy')).not.toContain('unsafe')
})

test('pages of other sites may load the widget and its parts, and nothing else', async () => {
  for (const path of ['/widget.js', '/visitor/widget.js', '/assets/visitor/panel-3c4d.js']) {
    const { headers } = await get(path)
    expect([headers.get('access-control-allow-origin'), headers.get('cross-origin-resource-policy')], path).toEqual(['*', 'cross-origin'])
  }
  for (const path of ['/', '/assets/main-1a2b.js', '/visitor/none.js', '/assets/visitor/none.js']) {
    const { headers } = await get(path)
    expect([headers.get('access-control-allow-origin'), headers.get('cross-origin-resource-policy')], path).toEqual([null, 'same-origin'])
  }
  expect((await get('/assets/visitor/panel-3c4d.js')).headers.get('cache-control')).toContain('immutable')
  expect((await get('/widget.js')).headers.get('cache-control')).toBe('no-cache')
})

test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/../../secret.txt', '//secret.txt'])(
  'nothing outside is reached by %s',
  async (path) => {
    expect((await get(path)).status).toBe(404)
  },
)

test('under https the browser is told to stay there, and the socket of the same host may be opened', async () => {
  const { headers } = await get('/')
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
  expect(headers.get('content-security-policy')).toContain("connect-src 'self' wss://parley.example;")
})
