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

test('closing lets a running request end within its grace, then cuts it', async () => {
  const app = new Hono<HttpEnv>()
  app.get('/slow', () => new Promise<Response>((resolve) => setTimeout(() => resolve(new Response('done')), 100)))
  app.get('/never', () => new Promise<Response>(() => {}))
  const patient = await listen(app, { host: '127.0.0.1', port: 0 })
  const slow = fetch(`http://127.0.0.1:${patient.address.port}/slow`)
  await new Promise((resolve) => setTimeout(resolve, 30))
  const startedAt = performance.now()
  await patient.close(5000)
  expect(await (await slow).text()).toBe('done')
  expect(performance.now() - startedAt).toBeLessThan(2000)

  const strict = await listen(app, { host: '127.0.0.1', port: 0 })
  const never = fetch(`http://127.0.0.1:${strict.address.port}/never`)
  const failed = expect(never).rejects.toThrow('fetch failed')
  await new Promise((resolve) => setTimeout(resolve, 30))
  await strict.close(50)
  await failed
})
