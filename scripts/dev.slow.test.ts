import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort, startProcess } from '../test/support/server-process.ts'

test('npm run dev brings the page, the server on the embedded database, and models of the local providers', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'parley-dev-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const port = await freePort()
  const url = `http://localhost:${port}`
  const env = { PORT: String(port), DATA_DIR: dir, ADMIN_EMAIL: 'dev@example.com', ADMIN_PASSWORD: 'correct horse battery' }
  const dev = await startProcess(['scripts/dev.ts'], env, url, '/api/about')
  onTestFinished(() => dev.kill('SIGTERM'))

  expect(await (await fetch(url)).text()).toContain('/@vite/client')
  expect((await fetch(`${url}/health`)).status).toBe(200)
  const signIn = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD }),
  })
  const headers = { cookie: signIn.headers.getSetCookie()[0]!.split(';', 1)[0]! }
  const { workspaces } = (await (await fetch(`${url}/api/me`, { headers })).json()) as { workspaces: { id: string }[] }
  await expect
    .poll(async () => JSON.stringify(await (await fetch(`${url}/api/workspaces/${workspaces[0]!.id}/models`, { headers })).json()))
    .toContain('"gpt-4o"')
})
