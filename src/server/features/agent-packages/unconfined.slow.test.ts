import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AgentPackage, PackageInspection } from '../../../contract/agent-packages.ts'
import type { McpServer } from '../../../contract/mcp-servers.ts'
import type { Me } from '../../../contract/people.ts'
import { packageZip, sourceOf } from '../../../../test/support/package.ts'
import { preparedForTests, silentLog } from '../../../../test/support/postgres.ts'
import { askAs, freePort, startProcess } from '../../../../test/support/server-process.ts'
import { openDatabase } from '../../platform/db/index.ts'
import { eventually } from '../../../../test/support/turn-client.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'unconfined-'))
  const prepared = await preparedForTests()
  await (await openDatabase({ kind: 'embedded', dir: join(dir, 'data'), prepared }, silentLog)).close()
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const admin = { email: 'ada@example.org', password: 'correct horse battery' }

/** A server on a machine that has no bubblewrap: it is covered, by bubblewrap itself. */
async function startWithoutSandbox(env: Record<string, string>) {
  const port = await freePort()
  const cover = [
    '--die-with-parent',
    '--dev-bind',
    '/',
    '/',
    '--ro-bind',
    '/dev/null',
    '/usr/bin/bwrap',
    '--',
    process.execPath,
    'src/server/main.ts',
  ]
  const script = `require('node:child_process').spawn('/usr/bin/bwrap', ${JSON.stringify(cover)}, { stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1))`
  const variables = {
    PORT: String(port),
    DATA_DIR: join(dir, 'data'),
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    OLLAMA_BASE_URL: 'off',
    ...env,
  }
  const url = `http://127.0.0.1:${port}`
  const server = await startProcess(['-e', script], variables, url, '/ready')
  const call = await askAs(url, admin)
  const { workspaces } = await call<Me>('GET', '/api/me')
  const inspect = async (zip: Buffer) =>
    call<PackageInspection>('POST', `/api/workspaces/${workspaces[0]!.id}/agent-packages/inspect`, { source: sourceOf(zip) })
  const install = ({ id, sha256 }: PackageInspection) => call<AgentPackage>('POST', `/api/package-inspections/${id}/install`, { sha256 })
  return { call, inspect, install, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('without a sandbox a package with tools is refused, and one without is not', async () => {
  await using server = await startWithoutSandbox({})
  const seen = await server.inspect(await packageZip())
  expect(seen.notes).toEqual(['not_confined', 'runs_unasked'])
  await expect(server.install(seen)).rejects.toThrow('agent-package.not_confined')
  const plain = await server.inspect(await packageZip({ tools: null }))
  expect(plain.notes).toEqual([])
  expect(await server.install(plain)).toMatchObject({ serverId: null })
}, 120_000)

test('where an administrator allows it, tools run without one, and it is said wherever they are shown', async () => {
  await using server = await startWithoutSandbox({ PACKAGE_TOOLS: 'unconfined' })
  const seen = await server.inspect(await packageZip())
  expect(seen.notes).toEqual(['unconfined', 'runs_unasked'])
  const installed = await server.install(seen)
  expect(installed.notes).toContain('unconfined')
  const tools = await eventually(
    () => server.call<McpServer>('GET', `/api/mcp-servers/${installed.serverId}`),
    ({ status, toolCount }) => status === 'error' || (status === 'connected' && toolCount === 6),
  )
  expect(tools).toMatchObject({ status: 'connected', statusReason: null })
}, 120_000)
