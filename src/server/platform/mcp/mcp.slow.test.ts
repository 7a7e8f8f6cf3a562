import { tmpdir } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { CallToolResult } from '@modelcontextprotocol/client'
import { afterEach, describe, expect, test } from 'vitest'
import { startHttpMcpServer, stdioServer } from '../../../../test/support/mcp-server/index.ts'
import { createEgress } from '../egress/index.ts'
import { Secret } from '../vault/index.ts'
import { McpSession, type McpTarget, type SessionHooks, SessionPool } from './index.ts'
import { isAlive } from '../../../../test/support/server-process.ts'

const never = new AbortController().signal
const egress = createEgress({ allow: ['127.0.0.1'] })
const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

const stdio = (kind = 'good', env: Record<string, Secret> = {}): McpTarget => ({
  transport: 'stdio',
  ...stdioServer(kind),
  env: { PATH: new Secret('/usr/bin:/bin'), ...env },
  cwd: tmpdir(),
})

async function open(target: McpTarget, hooks: SessionHooks = {}): Promise<McpSession> {
  const session = await McpSession.open(target, egress, { name: 'test', version: '1' }, hooks, never)
  opened.push(() => session.close())
  return session
}

const call = (session: McpSession, name: string, input = {}, timeoutMs = 20_000, signal: AbortSignal = never) =>
  session.callTool(name, input, { signal, timeoutMs }) as Promise<CallToolResult>

describe('a program', () => {
  test('is asked, has only its own environment, and ends with its connection', async () => {
    process.env['PARLEY_TEST_SECRET'] = 'of the server'
    const closed: unknown[] = []
    const session = await open(stdio('good', { OWN: new Secret('mine') }), { onClosed: (failure) => closed.push(failure) })
    expect(session.identity).toMatchObject({ name: 'test-tools', version: '1.2.3', protocol: '2026-07-28' })
    expect((await session.listTools(never, 5_000)).map(({ name }) => name)).toContain('add')
    expect(await call(session, 'add', { a: 2, b: 3 })).toMatchObject({ content: [{ text: '5' }] })
    const { content } = await call(session, 'environment')
    const environment = JSON.parse(textOf(content)) as Record<string, string>
    expect(Object.keys(environment).sort()).toEqual(['OWN', 'PATH'])
    await session.close()
    expect(closed).toEqual([undefined])
  })

  test('that answers with 50 MB fails this one call, and the next one works', async () => {
    const session = await open(stdio())
    const before = process.memoryUsage().rss
    await expect(call(session, 'huge')).rejects.toMatchObject({ kind: 'too-large' })
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
    expect(await call(session, 'add', { a: 1, b: 1 })).toMatchObject({ content: [{ text: '2' }] })
  })

  test('that dies in the middle of a call says how, with its last words', async () => {
    const closed: unknown[] = []
    const session = await open(stdio(), { onClosed: (failure) => closed.push(failure) })
    await expect(call(session, 'die')).rejects.toMatchObject({ kind: 'exited' })
    await expect.poll(() => closed).toMatchObject([{ kind: 'exited', message: expect.stringMatching(/code 7.*the disk is on fire/s) }])
    expect(session.isOpen).toBe(false)
  })

  test('that hangs is given up at the time limit, and is told so when it is stopped', async () => {
    const session = await open(stdio())
    await expect(call(session, 'hang', {}, 100)).rejects.toMatchObject({ kind: 'timeout' })
    const stop = new AbortController()
    const hanging = call(session, 'hang', {}, 20_000, stop.signal)
    hanging.catch(() => {})
    await pause(20)
    stop.abort(new Error('enough'))
    await expect(hanging).rejects.toBeInstanceOf(Error)
    expect(await call(session, 'add', { a: 1, b: 1 })).toMatchObject({ content: [{ text: '2' }] })
  })

  test('that is not there, ends at once, or talks nonsense is said in words', async () => {
    await expect(open({ ...stdio(), command: '/no/such/program' } as McpTarget)).rejects.toMatchObject({
      kind: 'exited',
      message: /There is no program/,
    })
    await expect(open(stdio('ends'))).rejects.toMatchObject({ kind: 'exited', message: expect.stringMatching(/code 3.*no licence found/s) })
    await expect(open(stdio('noise'))).rejects.toMatchObject({ name: 'McpFailure' })
    await expect(open(stdio('broken'))).rejects.toMatchObject({ name: 'McpFailure' })
  })

  test('that ignores the end of its input and the signal to end is killed', async () => {
    const session = await open(stdio('stubborn'))
    const pid = await pidOf(session)
    await session.close()
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
  })

  test('tells that its tools have changed', async () => {
    let changes = 0
    const session = await open(stdio(), { onToolsChanged: () => changes++ })
    await call(session, 'change')
    await expect.poll(() => changes).toBeGreaterThan(0)
    const add = (await session.listTools(never, 5_000)).find(({ name }) => name === 'add')
    expect(add!.description).toContain('stranger')
  })
})

describe('a server over HTTP', () => {
  const target = (url: string, headers: Record<string, Secret> = {}): McpTarget => ({ transport: 'http', url, headers })

  test('is asked with its headers, through egress', async () => {
    await using server = await startHttpMcpServer()
    const session = await open(target(server.url, { 'x-key': new Secret('sesame') }))
    expect(session.identity.protocol).toBe('2026-07-28')
    expect(await call(session, 'add', { a: 2, b: 3 })).toMatchObject({ content: [{ text: '5' }] })
    expect(server.requests.every((headers) => headers['x-key'] === 'sesame')).toBe(true)
    const outside = createEgress({ allow: [] })
    const refused = McpSession.open(target(server.url), outside, { name: 'test', version: '1' }, {}, never)
    await expect(refused).rejects.toMatchObject({ kind: 'forbidden' })
    await outside.close()
  })

  test('that answers with 50 MB is cut off, and stopped where a call is', async () => {
    await using server = await startHttpMcpServer()
    const session = await open(target(server.url))
    await expect(call(session, 'huge')).rejects.toMatchObject({ kind: 'too-large' })
    const stop = new AbortController()
    const hanging = call(session, 'hang', {}, 20_000, stop.signal)
    hanging.catch(() => {})
    await expect.poll(() => server.requests.length).toBeGreaterThan(2)
    await pause(50)
    stop.abort(new Error('enough'))
    await expect(hanging).rejects.toBeInstanceOf(Error)
    await expect.poll(() => server.cancelled).toBe(1)
  })

  test('that breaks off, wants credentials, or is something else is said in words', async () => {
    await using server = await startHttpMcpServer()
    const session = await open(target(server.url))
    server.answerWith = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n')
      setTimeout(() => response.destroy(), 20)
    }
    await expect(call(session, 'add', { a: 1, b: 1 })).rejects.toMatchObject({ kind: 'exited' })
    server.answerWith = (_request, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': bye\n\n')
    await expect(call(session, 'add', { a: 1, b: 1 })).rejects.toMatchObject({ kind: 'exited' })
    server.answerWith = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":"?"')
    await expect(call(session, 'add', { a: 1, b: 1 })).rejects.toMatchObject({ kind: 'protocol' })
    server.answerWith = (_request, response) => response.writeHead(401).end()
    await expect(call(session, 'add', { a: 1, b: 1 })).rejects.toMatchObject({ kind: 'unauthorized' })
    await expect(open(target(server.url))).rejects.toMatchObject({ kind: 'unauthorized' })
    server.answerWith = (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Welcome</p>')
    await expect(open(target(server.url))).rejects.toMatchObject({ name: 'McpFailure' })
    await expect(open(target('http://127.0.0.1:1/mcp'))).rejects.toMatchObject({ kind: 'unreachable' })
  })
})

describe('the pool', () => {
  const opening = (key: string, target: McpTarget, states: unknown[] = []) => ({
    key,
    isProcess: target.transport === 'stdio',
    open: (hooks: SessionHooks, signal: AbortSignal) => McpSession.open(target, egress, { name: 'test', version: '1' }, hooks, signal),
    onState: (state: { isOpen: boolean }) => states.push(state.isOpen),
  })

  test('opens once for many, and lets the one that was not used for longest give way', async () => {
    await using server = await startHttpMcpServer()
    const pool = new SessionPool({ maxSessions: 2 })
    opened.push(() => pool.close())
    const states: unknown[] = []
    const target: McpTarget = { transport: 'http', url: server.url, headers: {} }
    const sums = Array.from({ length: 40 }, (_, n) =>
      pool.use(opening('a', target, states), never, (session) => call(session, 'add', { a: n, b: 1 })),
    )
    expect((await Promise.all(sums)).map(({ content }) => textOf(content))).toEqual(Array.from({ length: 40 }, (_, n) => String(n + 1)))
    expect(states).toEqual([true])
    await pool.use(opening('b', target), never, (session) => call(session, 'add', { a: 1, b: 1 }))
    await pool.use(opening('c', target), never, (session) => call(session, 'add', { a: 1, b: 1 }))
    expect([pool.has('a'), pool.has('b'), pool.has('c')]).toEqual([false, true, true])
  })

  test('closes what nobody uses', async () => {
    await using server = await startHttpMcpServer()
    const pool = new SessionPool({ idleMs: 100 })
    opened.push(() => pool.close())
    const target: McpTarget = { transport: 'http', url: server.url, headers: {} }
    await pool.use(opening('a', target), never, (session) => call(session, 'add', { a: 1, b: 1 }))
    await expect.poll(() => pool.size).toBe(0)
  })

  test('does not try again at once what has failed, and then does', async () => {
    const pool = new SessionPool()
    opened.push(() => pool.close())
    let tries = 0
    const dead = {
      key: 'dead',
      isProcess: false,
      open: (hooks: SessionHooks, signal: AbortSignal) => {
        tries++
        return McpSession.open(
          { transport: 'http', url: 'http://127.0.0.1:1/', headers: {} },
          egress,
          { name: 'test', version: '1' },
          hooks,
          signal,
        )
      },
    }
    for (let index = 0; index < 5; index++) {
      await expect(pool.use(dead, never, () => Promise.resolve())).rejects.toMatchObject({ kind: 'unreachable' })
    }
    expect(tries).toBe(1)
    await pool.drop('dead')
    await expect(pool.use(dead, never, () => Promise.resolve())).rejects.toMatchObject({ kind: 'unreachable' })
    expect(tries).toBe(2)
  })
})

/** Of the program, as it tells. */
async function pidOf(session: McpSession): Promise<number> {
  const { content } = await call(session, 'process')
  return Number(textOf(content))
}

function textOf(content: unknown): string {
  return (content as { text: string }[])[0]!.text
}
