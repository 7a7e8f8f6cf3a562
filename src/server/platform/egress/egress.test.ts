import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { createEgress, type Egress, type EgressOptions, type ResolvedAddress } from './index.ts'

const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close()
})

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function serve(handler: Handler): Promise<{ port: number; server: Server }> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))))
  return { port: (server.address() as AddressInfo).port, server }
}

function open(options: Partial<EgressOptions> = {}): Egress {
  const egress = createEgress({ allow: [], ...options })
  opened.push(() => egress.close())
  return egress
}

/** A name server under a test's control. */
function names(table: Record<string, string[] | (() => string[])>) {
  return (hostname: string): Promise<ResolvedAddress[]> => {
    const entry = table[hostname]
    if (!entry) return Promise.reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }))
    const addresses = typeof entry === 'function' ? entry() : entry
    return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
  }
}

const forbidden = { code: 'connection.address_forbidden' }

test.each([
  'http://127.0.0.1:PORT/',
  'http://localhost:PORT/',
  'http://2130706433:PORT/', // decimal
  'http://0177.0.0.1:PORT/', // octal
  'http://0x7f.1:PORT/', // hexadecimal, shortened
  'http://127.1:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://[::1]:PORT/',
  'http://0.0.0.0:PORT/',
  'http://169.254.169.254/latest/meta-data/',
  'http://user:secret@example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'data:text/plain,hello',
  'not an address',
])('%s is refused and never called', async (url) => {
  let calls = 0
  const { port } = await serve((_request, response) => {
    calls++
    response.end('secret')
  })
  await expect(open().fetch(url.replace('PORT', String(port)))).rejects.toMatchObject(forbidden)
  expect(calls).toBe(0)
})

test('a name that resolves to a private address is refused, also when a public one stands beside it', async () => {
  const egress = open({
    resolve: names({ 'inside.test': ['10.0.0.5'], 'mixed.test': ['8.8.8.8', '127.0.0.1'], 'mapped.test': ['::ffff:127.0.0.1'] }),
  })
  for (const host of ['inside.test', 'mixed.test', 'mapped.test']) {
    await expect(egress.fetch(`http://${host}/`)).rejects.toMatchObject(forbidden)
  }
})

test('a name is looked up once per connection, so a name server that changes its answer gains nothing', async () => {
  let calls = 0
  const { port } = await serve((_request, response) => {
    calls++
    response.end('secret')
  })
  let lookups = 0
  const egress = open({
    connectTimeoutMs: 50,
    // The public address is a documentation one that is listed here, and answers nothing.
    allow: ['203.0.113.1'],
    resolve: names({ 'rebind.test': () => (lookups++ === 0 ? ['203.0.113.1'] : ['127.0.0.1']) }),
  })
  await expect(egress.fetch(`http://rebind.test:${port}/`)).rejects.toMatchObject({ failure: 'unreachable' })
  expect(lookups).toBe(1)
  await expect(egress.fetch(`http://rebind.test:${port}/`)).rejects.toMatchObject(forbidden)
  expect(calls).toBe(0)
})

test('listed hosts and networks, and a connection with the permission, reach a private address', async () => {
  const { port } = await serve((_request, response) => response.end('hello'))
  const resolve = names({ 'ollama.test': ['127.0.0.1'], localhost: ['::1', '127.0.0.1'] })
  const byName = await open({ allow: ['ollama.test'], resolve }).fetch(`http://ollama.test:${port}/`)
  expect(await byName.text()).toBe('hello')
  const byNetwork = await open({ allow: ['127.0.0.0/8'], resolve }).fetch(`http://localhost:${port}/`)
  expect(await byNetwork.text()).toBe('hello')
  const byPermission = await open().fetch(`http://127.0.0.1:${port}/`, {}, { allowsPrivateAddress: true })
  expect(await byPermission.text()).toBe('hello')
})

test('a connection that was opened with the permission is not lent to a request without it', async () => {
  const { port } = await serve((_request, response) => response.end('hello'))
  const egress = open()
  await (await egress.fetch(`http://127.0.0.1:${port}/`, {}, { allowsPrivateAddress: true })).text()
  await expect(egress.fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject(forbidden)
})

test('a redirect to a private address is refused, also from a connection that may call its own', async () => {
  let calls = 0
  const inner = await serve((_request, response) => {
    calls++
    response.end('secret')
  })
  const outer = await serve((_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${inner.port}/` }).end())
  const listed = open({ allow: ['public.test'], resolve: names({ 'public.test': ['127.0.0.1'] }) })
  await expect(listed.fetch(`http://public.test:${outer.port}/`)).rejects.toMatchObject(forbidden)
  await expect(open().fetch(`http://127.0.0.1:${outer.port}/`, {}, { allowsPrivateAddress: true })).rejects.toMatchObject(forbidden)
  expect(calls).toBe(0)
})

test('within one origin a redirect keeps the headers; to another it keeps none that could be a key', async () => {
  const seen: IncomingMessage['headers'][] = []
  const other = await serve((request, response) => {
    seen.push(request.headers)
    response.end('other')
  })
  const first = await serve((request, response) => {
    if (request.url === '/done') {
      seen.push(request.headers)
      response.end('done')
    } else response.writeHead(302, { location: request.url === '/same' ? '/done' : `http://127.0.0.1:${other.port}/` }).end()
  })
  const egress = open({ allow: ['127.0.0.1'] })
  const headers = { authorization: 'Bearer sk-1', 'x-house-key': 'sk-2', cookie: 'a=b', accept: 'text/html' }
  const same = await egress.fetch(`http://127.0.0.1:${first.port}/same`, { headers })
  expect(same.url).toBe(`http://127.0.0.1:${first.port}/done`)
  expect(same.redirected).toBe(true)
  await (await egress.fetch(`http://127.0.0.1:${first.port}/away`, { headers })).text()
  expect(seen[0]).toMatchObject(headers)
  expect(seen[1]).toMatchObject({ accept: 'text/html' })
  expect(Object.keys(seen[1]!)).not.toEqual(expect.arrayContaining(['authorization']))
  expect(JSON.stringify(seen[1])).not.toMatch(/sk-1|sk-2|a=b/)
})

test('a body is not carried to another origin, and turns of method follow the standard', async () => {
  const seen: string[] = []
  const other = await serve((request, response) => {
    seen.push(`other ${request.method}`)
    response.end()
  })
  const first = await serve((request, response) => {
    const status = Number(request.url!.slice(1, 4))
    if (request.url!.endsWith('away')) response.writeHead(status, { location: `http://127.0.0.1:${other.port}/` }).end()
    else if (request.url === '/done')
      request.on('data', (chunk: Buffer) => seen.push(`${request.method} ${chunk.toString()}`)).on('end', () => response.end())
    else response.writeHead(status, { location: '/done' }).end()
  })
  const egress = open({ allow: ['127.0.0.1'] })
  const base = `http://127.0.0.1:${first.port}`
  const away = await egress.fetch(`${base}/307away`, { method: 'POST', body: 'private words' })
  expect(away.status).toBe(307)
  await egress.fetch(`${base}/307`, { method: 'POST', body: 'kept' })
  await egress.fetch(`${base}/303away`, { method: 'POST', body: 'dropped' })
  expect(seen).toEqual(['POST kept', 'other GET'])
})

test('endless redirects end', async () => {
  const { port } = await serve((request, response) => response.writeHead(302, { location: `${request.url}x` }).end())
  const egress = open({ allow: ['127.0.0.1'] })
  await expect(egress.fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ failure: 'too-many-redirects' })
  expect((await egress.fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' })).status).toBe(302)
})

test('an oversized body breaks off at the limit, packed or not', async () => {
  const megabyte = Buffer.alloc(1024 * 1024)
  const { port } = await serve((request, response) => {
    if (request.url === '/packed') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(megabyte))
    else response.end(megabyte)
  })
  const egress = open({ allow: ['127.0.0.1'] })
  const limits = { maxBytes: 100_000 }
  await expect((await egress.fetch(`http://127.0.0.1:${port}/plain`, {}, limits)).text()).rejects.toMatchObject({ failure: 'too-large' })
  await expect((await egress.fetch(`http://127.0.0.1:${port}/packed`, {}, limits)).text()).rejects.toMatchObject({ failure: 'too-large' })
  const whole = await egress.fetch(`http://127.0.0.1:${port}/packed`)
  expect((await whole.arrayBuffer()).byteLength).toBe(megabyte.byteLength)
  expect(whole.headers.has('content-encoding')).toBe(false)
})

test('a server that says nothing, stops in the middle or drips for ever ends in a timeout', async () => {
  const timers: NodeJS.Timeout[] = []
  opened.push(async () => timers.forEach(clearInterval))
  const { port } = await serve((request, response) => {
    if (request.url === '/silent') return
    response.write('begin')
    if (request.url === '/drip') timers.push(setInterval(() => response.write('.'), 10))
  })
  const egress = open({ allow: ['127.0.0.1'] })
  const base = `http://127.0.0.1:${port}`
  await expect(egress.fetch(`${base}/silent`, {}, { firstByteTimeoutMs: 60 })).rejects.toMatchObject({ failure: 'timeout' })
  await expect((await egress.fetch(`${base}/stall`, {}, { idleTimeoutMs: 60 })).text()).rejects.toMatchObject({ failure: 'timeout' })
  await expect((await egress.fetch(`${base}/drip`, {}, { totalTimeoutMs: 120 })).text()).rejects.toMatchObject({ failure: 'timeout' })
})

test('a cut connection is told from an end', async () => {
  const { port } = await serve((_request, response) => {
    response.write('half')
    setTimeout(() => response.destroy(), 10)
  })
  const response = await open({ allow: ['127.0.0.1'] }).fetch(`http://127.0.0.1:${port}/`)
  await expect(response.text()).rejects.toMatchObject({ failure: 'interrupted' })
})

test('abort ends a waiting request and a streaming answer with the reason of the signal, and the server sees it', async () => {
  let closed = 0
  const waiting = new AbortController()
  const { port } = await serve((request, response) => {
    response.on('close', () => closed++)
    if (request.url === '/stream') response.write('begin')
    else waiting.abort()
  })
  const egress = open({ allow: ['127.0.0.1'] })
  const answer = egress.fetch(`http://127.0.0.1:${port}/wait`, { signal: waiting.signal })
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' })

  const streaming = new AbortController()
  const response = await egress.fetch(`http://127.0.0.1:${port}/stream`, { signal: streaming.signal })
  const reader = response.body!.getReader()
  await reader.read()
  streaming.abort()
  await expect(reader.read()).rejects.toMatchObject({ name: 'AbortError' })
  await expect.poll(() => closed).toBe(2)
})

test('connections are kept, and one that dies while idle is replaced without the caller noticing', async () => {
  const sockets = new Set<Socket>()
  let broken = 0
  const { port, server } = await serve((request, response) => {
    // The server closes a kept connection on receipt of the next request, which is what a race with its idle timeout looks like.
    if (sockets.has(request.socket) && request.url === '/dying') {
      broken++
      request.socket.destroy()
    } else response.end('fine')
    sockets.add(request.socket)
  })
  server.keepAliveTimeout = 60_000
  const egress = open({ allow: ['127.0.0.1'] })
  const url = `http://127.0.0.1:${port}/`
  for (let index = 0; index < 8; index++) await (await egress.fetch(url)).text()
  expect(sockets.size).toBeLessThanOrEqual(2)
  expect(await (await egress.fetch(`${url}dying`, { method: 'POST', body: '{}' })).text()).toBe('fine')
  expect(broken).toBeGreaterThan(0)
})

test('a new connection that breaks before it answers is not tried again', async () => {
  let calls = 0
  const { port } = await serve((request) => {
    calls++
    request.socket.destroy()
  })
  await expect(open({ allow: ['127.0.0.1'] }).fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' })).rejects.toMatchObject({
    failure: 'interrupted',
  })
  expect(calls).toBe(1)
})

test('a slow reader holds the sender back', async () => {
  let sentBytes = 0
  const { port } = await serve((_request, response) => {
    const send = () => {
      for (let hasRoom = true; hasRoom; ) {
        if (sentBytes >= 50_000_000) return void response.end()
        sentBytes += 65_536
        hasRoom = response.write(Buffer.alloc(65_536))
      }
      response.once('drain', send)
    }
    send()
  })
  const response = await open({ allow: ['127.0.0.1'] }).fetch(`http://127.0.0.1:${port}/`)
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(sentBytes).toBeLessThan(30_000_000)
  expect((await response.arrayBuffer()).byteLength).toBe(sentBytes)
})

test('nobody there is told as unreachable, and a form body brings its content type', async () => {
  const egress = open({ allow: ['127.0.0.1'] })
  await expect(egress.fetch('http://127.0.0.1:1/')).rejects.toMatchObject({ failure: 'unreachable' })
  await expect(egress.fetch('http://no-such-name.invalid/')).rejects.toMatchObject({ failure: 'unreachable' })
  const { port } = await serve((request, response) => response.end(request.headers['content-type']))
  const body = new URLSearchParams({ a: 'b' })
  expect(await (await egress.fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).text()).toMatch(
    /^application\/x-www-form-urlencoded/,
  )
})
