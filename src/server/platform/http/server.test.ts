import { Hono } from 'hono'
import { expect, test } from 'vitest'
import type { HttpEnv } from './request.ts'
import { listen } from './server.ts'

test('a port in use and an address that is not ours are refused in words', async () => {
  const app = new Hono<HttpEnv>()
  const first = await listen(app, { host: '127.0.0.1', port: 0 })
  const { port } = first.address
  await expect(listen(app, { host: '127.0.0.1', port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use.`)
  await expect(listen(app, { host: '203.0.113.1', port: 0 })).rejects.toThrow('HOST is "203.0.113.1", which is no address of this machine.')
  await first.close(0)
})

/** An app whose handler says when a request has reached it. */
function reached(answer: () => Promise<Response>) {
  const app = new Hono<HttpEnv>()
  const arrived = new Promise<void>((resolve) => {
    app.get('/', () => {
      resolve()
      return answer()
    })
  })
  return { app, arrived }
}

test('closing lets a running request end within its grace', async () => {
  const { app, arrived } = reached(() => new Promise((resolve) => setTimeout(() => resolve(new Response('done')), 100)))
  const server = await listen(app, { host: '127.0.0.1', port: 0 })
  const answer = fetch(`http://127.0.0.1:${server.address.port}/`)
  await arrived
  const startedAt = performance.now()
  await server.close(10_000)
  expect(await (await answer).text()).toBe('done')
  expect(performance.now() - startedAt).toBeLessThan(5000) // its idle connection is not waited for
})

test('closing cuts what does not end', async () => {
  const { app, arrived } = reached(() => new Promise(() => {}))
  const server = await listen(app, { host: '127.0.0.1', port: 0 })
  const outcome = fetch(`http://127.0.0.1:${server.address.port}/`).then(
    () => 'answered',
    () => 'cut',
  )
  await arrived
  await server.close(50)
  expect(await outcome).toBe('cut')
})
