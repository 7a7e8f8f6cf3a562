import { readdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inspectZip, installZip, nodeTools, packageZip, pythonTools, sourceOf } from '../../../../test/support/package.ts'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, eventually, messagesOf, scripted, startTurn } from '../../../../test/support/turn-client.ts'

const provider: ProviderServer = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const env = { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' }
const shared = useTestApp({ env })
let admin: Person
beforeAll(async () => {
  admin = await shared.current.admin()
  await shared.current.app.listing?.firstRound
})

/** Its program has answered and its tools are listed. */
async function ready(serverId: string | null, toolCount: number) {
  return eventually(
    () => admin.get('mcpServers.get', { id: serverId! }),
    (server) => server.status === 'error' || (server.status === 'connected' && server.toolCount === toolCount),
  )
}

/** One call by the model of a conversation with the agent. */
async function callBy(person: Person, agentId: string, name: string, args = {}) {
  const { models } = await person.get('models.list', { workspaceId: person.workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId, modelId, agentId })
  await allEvents(await startTurn(person, id, { text: scripted({ toolRounds: [[{ name, arguments: args }]], text: 'done' }) }))
  return (await messagesOf(person, id))[1]!.parts[0] as { state: string; result: string }
}

test('a package is looked at, consented to, and its tools run in a sandbox for its agent alone', async () => {
  const zip = await packageZip()
  const inspection = await inspectZip(admin, zip)
  expect(inspection).toMatchObject({
    manifest: { id: 'org.example.tides', author: 'Ada Example', instructions: 'You know tides.' },
    source: { kind: 'file', fileName: 'tides.zip', commit: null },
    notes: ['runs_unasked'],
    changes: null,
    sizeBytes: zip.length,
  })
  const installed = await admin.get('agentPackages.install', {
    inspectionId: inspection.id,
    sha256: inspection.sha256,
    env: { GREETER: 'a very secret greeter' },
  })
  const { agentId, serverId } = installed
  expect(installed.current).toMatchObject({ number: 1, sha256: inspection.sha256, envNames: ['GREETER'], installedByName: 'admin' })
  expect(JSON.stringify(installed)).not.toContain('very secret')
  expect(await admin.get('agents.get', { id: agentId })).toMatchObject({
    name: 'Tides',
    description: 'Knows when the water comes',
    current: { instructions: 'You know tides.', starters: ['When is high tide?'], note: 'Tides 1.0.0 installed' },
  })
  expect(await ready(serverId, 6)).toMatchObject({ status: 'connected', statusReason: null, serverName: 'tides', agentId })
  const tools = await admin.get('mcpServers.listTools', { id: serverId! })
  expect(tools.map(({ name, permission }) => `${name} ${permission}`)).toEqual([
    'environment allow',
    'greet allow',
    'list allow',
    'network ask',
    'read allow',
    'write allow',
  ])

  expect(await callBy(admin, agentId, 'tides__greet', { name: 'Ben' })).toMatchObject({
    state: 'completed',
    result: 'Hello Ben, from a very secret greeter',
  })
  // What it lists beside what it said is not there, and nobody else has its tools.
  expect(await callBy(admin, agentId, 'tides__unlisted')).toMatchObject({
    state: 'failed',
    result: expect.stringContaining('There is no tool'),
  })
  const other = await admin.get('agents.create', { workspaceId: admin.workspaceId, name: 'Other' })
  expect(await callBy(admin, other.id, 'tides__greet', { name: 'Ben' })).toMatchObject({
    state: 'failed',
    result: expect.stringContaining('There is no tool'),
  })
  expect((await admin.get('agents.listTools', { workspaceId: admin.workspaceId })).map(({ name }) => name)).not.toContain('tides__greet')
  // An agent that names its tools has those of its packages as well.
  await admin.get('agents.update', { id: agentId, tools: ['calculate'] })
  expect(await callBy(admin, agentId, 'tides__greet', { name: 'Cleo' })).toMatchObject({ state: 'completed' })
  expect(await admin.get('agentPackages.events', { agentId })).toMatchObject([{ action: 'installed', version: '1.0.0', byName: 'admin' }])
  // It is the package that is changed, not the server that is its program.
  expect(await admin.call('mcpServers.delete', { id: serverId! })).toFailWith('mcp-server.of_package')
  expect(await admin.call('mcpServers.update', { id: serverId!, args: ['x'] })).toFailWith('mcp-server.of_package')
})

/** One tool that it has said, and a prompt that it has not. */
const promptingServer = `
import { createInterface } from 'node:readline'
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {}, prompts: {} }, serverInfo: { name: 'tides', version: '1.0.0' } }),
  'tools/list': () => ({ tools: [{ name: 'greet', inputSchema: { type: 'object' } }] }),
  'prompts/list': () => ({ prompts: [{ name: 'say-this', description: 'Do as I say' }] }),
}
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return
  const answer = answers[method] ? { result: answers[method](params ?? {}) } : { error: { code: -32601, message: 'unknown' } }
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n')
})
`

test('what a package did not ask consent for is not offered to the workspace, prompts included', async () => {
  const zip = await packageZip({ id: 'org.example.prompting', files: { 'server.mjs': promptingServer } })
  const { serverId } = await installZip(admin, zip)
  expect(await ready(serverId, 1)).toMatchObject({ status: 'connected' })
  expect(await admin.get('mcpServers.listPrompts', { workspaceId: admin.workspaceId })).toEqual([])
})

test('its tools reach neither the network, nor the disk, nor the environment of the server', async () => {
  const listening = createServer().listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  const zip = await packageZip({
    id: 'org.example.curious',
    tools: nodeTools.replace('Connects to a host }', 'Connects to a host, permission: allow }'),
  })
  const { agentId, serverId } = await installZip(admin, zip)
  await ready(serverId, 6)
  const { dataDir } = shared.current.deps.config
  const slug = (await admin.get('mcpServers.get', { id: serverId! })).slug
  const call = async (name: string, args: object = {}) => (await callBy(admin, agentId, `${slug}__${name}`, args)).result

  expect(await call('network', { host: '127.0.0.1', port })).toBe('refused: ECONNREFUSED')
  expect(await call('network', { host: '1.1.1.1', port: 53 })).toMatch(/refused: (ENETUNREACH|EHOSTUNREACH)/)
  for (const path of ['/etc/passwd', '/etc/shadow', '/root/.profile', join(dataDir, 'vault.key'), `/proc/${process.pid}/environ`])
    expect(await call('read', { path }), path).toBe('refused: ENOENT')
  expect(await call('list', { path: dataDir })).toBe('package-homes packages')
  expect(await call('list', { path: join(dataDir, 'packages') })).toMatch(/^[0-9a-f]{64}$/)
  const [files] = await readdir(join(dataDir, 'packages'))
  for (const path of [
    '/etc/evil',
    '/usr/evil',
    join(dataDir, 'packages', files!, 'evil'),
    join(dataDir, 'packages', files!, 'files', 'server.mjs'),
  ])
    expect(await call('write', { path }), path).toMatch(/refused: (EROFS|EACCES|ENOENT|EPERM)/)
  // What it writes there goes into a folder in memory, which is its own.
  await call('write', { path: join(dataDir, 'evil') })
  expect(await readdir(dataDir)).not.toContain('evil')
  const environment = JSON.parse(await call('environment')) as Record<string, string>
  expect(
    Object.keys(environment)
      .filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name))
      .toSorted(),
  ).toEqual(['HOME', 'LANG', 'PACKAGE_DIR', 'PATH', 'TMPDIR'])
  // A place of its own is there.
  expect(await call('write', { path: join(environment['HOME']!, 'note') })).toBe('written')
  listening.close()
})

test('a program in Python runs with what it brings along', async () => {
  const { agentId, serverId, current } = await installZip(admin, await packageZip({ id: 'org.example.snakes', tools: pythonTools }))
  expect(current.manifest.tools).toMatchObject({ runtime: 'python' })
  expect(await ready(serverId, 1)).toMatchObject({ status: 'connected', serverName: 'snakes' })
  const { slug } = await admin.get('mcpServers.get', { id: serverId! })
  expect(await callBy(admin, agentId, `${slug}__greet`, { name: 'Dido' })).toMatchObject({
    state: 'completed',
    result: 'Hello Dido, from a snake',
  })
})

test('an update says what is new, asks for consent where it may do more, keeps values, and can be taken back', async () => {
  const own = await admin.get('agents.create', { workspaceId: admin.workspaceId, name: 'Mine', instructions: 'Be brief.' })
  const id = 'org.example.growing'
  const first = nodeTools
    .split('\n')
    .filter((line) => !/name: (read|write|network|environment|list)/.test(line))
    .join('\n')
  const {
    id: packageId,
    serverId,
    agentId,
  } = await installZip(admin, await packageZip({ id, tools: first }), { agentId: own.id, env: { GREETER: 'Ada' } })
  expect(agentId).toBe(own.id)
  await ready(serverId, 1)
  expect((await admin.get('agents.get', { id: own.id })).current.instructions).toBe('Be brief.\n\nYou know tides.')

  const next = await packageZip({
    id,
    version: '1.1.0',
    instructions: 'You know all tides.',
    tools: first.replace('name: GREETER', 'name: GREETER') + '    - { name: read, description: Reads a file }\n',
  })
  const seen = await inspectZip(admin, next, { updates: packageId })
  expect(seen).toMatchObject({
    updates: packageId,
    changes: { fromVersion: '1.0.0', addedTools: ['read'], instructionsChanged: true, growsRights: true },
  })
  const consent = { inspectionId: seen.id, sha256: seen.sha256 }
  expect(await admin.call('agentPackages.update', consent)).toFailWith('agent-package.consent_needed')
  const updated = await admin.get('agentPackages.update', { ...consent, acceptsRights: true })
  expect(updated).toMatchObject({ id: packageId, serverId, current: { number: 2, envNames: ['GREETER'], manifest: { version: '1.1.0' } } })
  await ready(serverId, 2)
  const { slug } = await admin.get('mcpServers.get', { id: serverId! })
  expect(await callBy(admin, own.id, `${slug}__greet`, { name: 'Ben' })).toMatchObject({ result: 'Hello Ben, from Ada' })
  expect((await admin.get('agents.get', { id: own.id })).current.instructions).toBe('Be brief.\n\nYou know all tides.')

  const back = await admin.get('agentPackages.rollBack', { id: packageId, number: 1 })
  expect(back).toMatchObject({ serverId, current: { number: 3, manifest: { version: '1.0.0' } } })
  await ready(serverId, 1)
  expect(await callBy(admin, own.id, `${slug}__read`, { path: '/etc/hostname' })).toMatchObject({
    state: 'failed',
    result: expect.stringContaining('There is no tool'),
  })
  expect((await admin.get('agentPackages.versions', { id: packageId })).map(({ number, manifest }) => [number, manifest.version])).toEqual([
    [3, '1.0.0'],
    [2, '1.1.0'],
    [1, '1.0.0'],
  ])
  const older = await inspectZip(admin, await packageZip({ id, version: '0.9.0', tools: first }), { updates: packageId })
  expect(older.notes).toContain('older')

  await admin.get('agentPackages.delete', { id: packageId })
  expect((await admin.get('agents.get', { id: own.id })).current.instructions).toBe('Be brief.')
  expect(await admin.call('mcpServers.get', { id: serverId! })).toFailWith('mcp-server.not_found')
  expect((await admin.get('agentPackages.events', { agentId: own.id })).map(({ action }) => action)).toEqual([
    'deleted',
    'rolled_back',
    'updated',
    'installed',
  ])
})

test('consent is to exactly what was shown, once, by whoever looked', async () => {
  const workspaceId = admin.workspaceId
  const seen = await inspectZip(admin, await packageZip({ id: 'org.example.once' }))
  const consent = { inspectionId: seen.id, sha256: seen.sha256 }
  expect(await admin.call('agentPackages.install', { ...consent, sha256: 'a'.repeat(64) })).toFailWith('agent-package.checksum_mismatch')
  expect(await admin.call('agentPackages.install', { ...consent, env: { OTHER: 'x' } })).toFailWith('agent-package.values_missing')
  const answers = await Promise.all([1, 2].map(() => admin.call('agentPackages.install', consent)))
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  expect(answers.find(({ ok }) => !ok)).toFailWith('package-inspection.not_found')
  const { agents } = await admin.get('agents.list', { workspaceId, search: 'Tides' })
  const packages = await Promise.all(agents.map(({ id }) => admin.get('agentPackages.list', { agentId: id })))
  expect(packages.flat().filter(({ packageId }) => packageId === 'org.example.once')).toHaveLength(1)

  // Two different ones into one agent at once: both, or one says that it is there.
  const agent = await admin.get('agents.create', { workspaceId, name: 'Busy' })
  const [one, other] = await Promise.all(
    ['1.0.0', '1.0.1'].map(async (version) => inspectZip(admin, await packageZip({ id: 'org.example.race', version }))),
  )
  const both = await Promise.all(
    [one!, other!].map(({ id, sha256 }) => admin.call('agentPackages.install', { inspectionId: id, sha256, agentId: agent.id })),
  )
  expect(both.filter(({ ok }) => ok)).toHaveLength(1)
  expect(both.find(({ ok }) => !ok)).toFailWith('agent-package.installed_already')
  const [there] = await admin.get('agentPackages.list', { agentId: agent.id })
  expect(
    await admin.call('agentPackages.inspect', {
      workspaceId,
      updates: there!.id,
      source: sourceOf(await packageZip({ id: 'org.example.else' })),
    }),
  ).toFailWith('agent-package.other_package')
})

test('what needs a value, a host or a sandbox that is not there is refused before it is kept', async () => {
  const wants = nodeTools.replace('required: false', 'required: true')
  const seen = await inspectZip(admin, await packageZip({ id: 'org.example.wants', tools: wants }))
  expect(await admin.call('agentPackages.install', { inspectionId: seen.id, sha256: seen.sha256 })).toFailWith(
    'agent-package.values_missing',
  )
  const hosts = await inspectZip(admin, await packageZip({ id: 'org.example.hosts', tools: `${nodeTools}  network: [api.example.org]\n` }))
  expect(hosts.notes).toEqual(['no_network', 'network', 'runs_unasked'])
  expect(await admin.call('agentPackages.install', { inspectionId: hosts.id, sha256: hosts.sha256 })).toFailWith(
    'agent-package.not_confined',
  )
})

test('bytes that were changed on the disk after consent are not run', async () => {
  const seen = await inspectZip(admin, await packageZip({ id: 'org.example.tampered' }))
  const { db, files } = shared.current.deps
  const { storage_key: key } = await db
    .selectFrom('package_archive')
    .selectAll()
    .where('sha256', '=', Buffer.from(seen.sha256, 'hex'))
    .executeTakeFirstOrThrow()
  const other = await packageZip({ id: 'org.example.tampered', version: '6.6.6' })
  await files.put(
    key,
    (async function* () {
      yield other
    })(),
    1e9,
  )
  const { serverId } = await admin.get('agentPackages.install', { inspectionId: seen.id, sha256: seen.sha256 })
  expect(await ready(serverId, 6)).toMatchObject({ status: 'error', statusReason: expect.stringContaining('its checksum is another one') })
})

test('where the part of the server is switched off, its tools are not offered and its program is not started', async () => {
  const { agentId, serverId } = await installZip(admin, await packageZip({ id: 'org.example.switched' }), { env: { GREETER: 'nobody' } })
  await ready(serverId, 6)
  const { slug } = await admin.get('mcpServers.get', { id: serverId! })
  expect(await callBy(admin, agentId, `${slug}__greet`, { name: 'Ben' })).toMatchObject({ state: 'completed' })

  await admin.get('addons.switch', { id: 'package-tools', enabled: false })
  expect(await callBy(admin, agentId, `${slug}__greet`, { name: 'Ben' })).toMatchObject({ state: 'failed' })
  expect(await admin.get('mcpServers.test', { id: serverId! })).toMatchObject({ statusReason: expect.stringContaining('switched off') })

  await admin.get('addons.switch', { id: 'package-tools', enabled: true })
  expect(await callBy(admin, agentId, `${slug}__greet`, { name: 'Ben' })).toMatchObject({ state: 'completed' })
})
