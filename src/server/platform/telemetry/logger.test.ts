import { PassThrough } from 'node:stream'
import { setImmediate as nextTick } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Secret } from '../vault/secret.ts'
import { createLogger } from './index.ts'

function capture(format: 'json' | 'text') {
  const lines: string[] = []
  const log = createLogger({ level: 'debug', format }, { write: (text) => lines.push(text) })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> }
}

test('a line is one JSON object with time, level, message and fields', () => {
  const { log, last } = capture('json')

  log.child({ turnId: 't1' }).info({ tokens: 12 }, 'turn settled')

  expect(last()).toMatchObject({ level: 'info', msg: 'turn settled', turnId: 't1', tokens: 12 })
  expect(Date.parse(String(last().time))).toBeGreaterThan(Date.now() - 60_000)
})

test('nothing that is, or is named like, or looks like a secret is written', () => {
  const { log, lines } = capture('json')
  const cause = new Error('connect to postgres://parley:hunter2@db/parley failed')
  const error = Object.assign(new Error('refused with Bearer hunter2hunter2', { cause }), { requestBodyValues: { key: 'hunter2' } })

  log.error(
    { err: error, apiKey: 'hunter2', headers: { Authorization: 'hunter2', cookie: ['hunter2'] }, held: new Secret('hunter2') },
    'call failed',
  )
  log.child({ password: 'hunter2' }).warn('key sk-hunter2hunter2 was refused')
  log.debug({ list: [{ accessToken: 'hunter2' }], url: 'https://u:hunter2@example.org/a' }, 'x')

  expect(lines).toHaveLength(3)
  expect(lines.join('')).not.toContain('hunter2')
})

test('counts and switches with such names stay readable', () => {
  const { log, last } = capture('json')
  log.info({ maxToken: 4096, hasPassword: true, keyId: 'k1', costNanoUsd: 12n }, 'x')
  expect(last()).toMatchObject({ maxToken: 4096, hasPassword: true, keyId: 'k1', costNanoUsd: '12' })
})

test('an error keeps its code, stack and causes, and nothing else', () => {
  const { log, last } = capture('json')
  log.error({ err: Object.assign(new TypeError('broke', { cause: new Error('why') }), { code: 'E1', response: { body: 'text' } }) }, 'x')

  const err = last().err as Record<string, unknown>
  expect(err).toMatchObject({ type: 'TypeError', message: 'broke', code: 'E1', cause: { type: 'Error', message: 'why' } })
  expect(err.stack).toContain('logger.test.ts')
  expect(err).not.toHaveProperty('response')
})

test('text for people: time, message and fields; the level only when it is not info; errors below', () => {
  const { log, lines } = capture('text')

  log.info({ port: 3000 }, 'listening')
  log.warn({ err: new Error('late') }, 'slow')

  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d listening port=3000\n$/)
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d warn slow\n {4}Error: late\n {8}at /)
})

test('a closed pipe does not end the process', async () => {
  const pipe = new PassThrough()
  const log = createLogger({ level: 'info', format: 'json' }, pipe)
  const uncaught: unknown[] = []
  const catchIt = (error: unknown) => uncaught.push(error)
  process.on('uncaughtException', catchIt)

  pipe.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  await nextTick()
  log.info('still here')
  await nextTick()

  process.off('uncaughtException', catchIt)
  expect(uncaught).toEqual([])
})
