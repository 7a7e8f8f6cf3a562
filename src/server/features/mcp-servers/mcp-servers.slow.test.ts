import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HttpMcpServer, startHttpMcpServer, stdioServer } from '../../../../test/support/mcp-server/index.ts'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, conversationWith, eventually, messagesOf, scripted, startTurn } from '../../../../test/support/turn-client.ts'

const provider: ProviderServer = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' },
})

let http: HttpMcpServer
let admin: Person
beforeAll(async () => {
  http = await startHttpMcpServer()
  admin = await shared.current.admin()
  await shared.current.app.listing?.firstRound
})
afterAll(() => http[Symbol.asyncDispose]())

const team = async (name = 'Team') => (await admin.get('workspaces.create', { name })).id

/** Its tools, after a test, all allowed. */
async function allowAll(person: Person, id: string) {
  const tools = await person.get('mcpServers.listTools', { id })
  return person.get('mcpServers.setPermissions', { id, toolIds: tools.map((tool) => tool.id), permission: 'allow' })
}

/** One call by a model, and its part of the answer. */
async function callByModel(person: Person, workspaceId: string, name: string, args = {}) {
  const conversationId = await conversationIn(person, workspaceId)
  await allEvents(await startTurn(person, conversationId, { text: scripted({ toolRounds: [[{ name, arguments: args }]], text: 'done' }) }))
  return (await messagesOf(person, conversationId))[1]!.parts[0]
}

async function conversationIn(person: Person, workspaceId: string) {
  if (workspaceId === person.workspaceId) return conversationWith(person, 'gpt-4o')
  const { models } = await person.get('models.list', { workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  return (await person.get('conversations.create', { workspaceId, modelId })).id
}

test('a server is added, tested and asked by a model; its status and history say so', async () => {
  const [alice] = await shared.current.people('alice')
  const { workspaceId } = alice
  const server = await alice.get('mcpServers.create', {
    workspaceId,
    name: 'My Tools',
    transport: 'http',
    url: http.url,
    headers: { 'x-key': 'sesame' },
  })
  expect(server).toMatchObject({ slug: 'my-tools', status: 'disconnected', toolCount: 0, headerNames: ['x-key'], isEnabled: true })
  expect(JSON.stringify(server)).not.toContain('sesame')

  const tested = await alice.get('mcpServers.test', { id: server.id })
  expect(tested).toMatchObject({ status: 'connected', statusReason: null, serverName: 'test-tools', protocol: '2026-07-28', toolCount: 12 })
  expect(http.requests.at(-1)!['x-key']).toBe('sesame')
  const tools = await alice.get('mcpServers.listTools', { id: server.id })
  expect(tools.find(({ name }) => name === 'add')).toMatchObject({
    callName: 'my-tools__add',
    permission: 'ask',
    hints: { isReadOnly: true },
  })

  await allowAll(alice, server.id)
  expect(await callByModel(alice, workspaceId, 'my-tools__add', { a: 2, b: 40 })).toMatchObject({ state: 'completed', result: '42' })
  expect(await callByModel(alice, workspaceId, 'my-tools__fail')).toMatchObject({ state: 'failed', result: 'It went wrong in the tool.' })
  expect(await callByModel(alice, workspaceId, 'my-tools__add', { a: 'two' })).toMatchObject({
    state: 'failed',
    result: expect.stringContaining('not valid'),
  })
  const mixed = await callByModel(alice, workspaceId, 'my-tools__mixed')
  expect(mixed).toMatchObject({ result: expect.stringMatching(/words.*An image \(image\/png, 2 kB\).*the memo.*memo:\/\/two/s) })
  expect(await callByModel(alice, workspaceId, 'my-tools__structure')).toMatchObject({ result: expect.stringContaining('"degrees": 21') })
  expect(await callByModel(alice, workspaceId, 'my-tools__huge')).toMatchObject({
    state: 'failed',
    result: expect.stringContaining('larger than permitted'),
  })

  const sent = provider.requests.at(-1)!.body['tools'] as { name?: string; function?: { name: string } }[]
  expect(sent.map((tool) => tool.name ?? tool.function?.name)).toContain('my-tools__read_resource')
  expect(await alice.get('mcpServers.listEvents', { id: server.id })).toMatchObject([{ status: 'connected', reason: null }])
})

test('a dead server is listed from memory, answers in words, and costs other turns nothing', async () => {
  const [alice] = await shared.current.people('alice')
  const { workspaceId } = alice
  const dying = await startHttpMcpServer()
  const { id } = await alice.get('mcpServers.create', { workspaceId, name: 'dying', transport: 'http', url: dying.url })
  await alice.get('mcpServers.test', { id })
  await allowAll(alice, id)
  await dying[Symbol.asyncDispose]()
  expect(await callByModel(alice, workspaceId, 'dying__add', { a: 1, b: 1 })).toMatchObject({
    state: 'failed',
    result: expect.stringContaining('“dying” could not do this.'),
  })
  expect(await alice.get('mcpServers.test', { id })).toMatchObject({
    status: 'error',
    statusReason: 'The address could not be reached.',
    toolCount: 12,
  })
  const events = await alice.get('mcpServers.listEvents', { id })
  expect(events[0]).toMatchObject({ status: 'error', reason: 'The address could not be reached.' })
  expect(await callByModel(alice, workspaceId, 'calculate', { expression: '6*7' })).toMatchObject({ result: '42' })
})

test('a tool that changes after it was allowed asks again', async () => {
  const workspaceId = await team()
  const { id } = await admin.get('mcpServers.create', { workspaceId, name: 'local', transport: 'stdio', ...stdioServer() })
  expect(await admin.get('mcpServers.test', { id })).toMatchObject({ status: 'connected', changedToolCount: 0 })
  await allowAll(admin, id)
  expect(await callByModel(admin, workspaceId, 'local__change')).toMatchObject({ result: 'changed' })
  const changed = await eventually(
    () => admin.get('mcpServers.get', { id }),
    (server) => server.changedToolCount === 1,
  )
  expect(changed.toolCount).toBe(12)
  const tools = await admin.get('mcpServers.listTools', { id })
  expect(tools.find(({ name }) => name === 'add')).toMatchObject({
    permission: 'ask',
    isChanged: true,
    description: expect.stringContaining('stranger'),
  })
  expect(tools.find(({ name }) => name === 'mixed')).toMatchObject({ permission: 'allow', isChanged: false })
})

test('a program that dies in the middle of a call says so and is started again', async () => {
  const workspaceId = await team()
  const { id } = await admin.get('mcpServers.create', {
    workspaceId,
    name: 'local',
    transport: 'stdio',
    ...stdioServer(),
    env: { TOKEN: 'sealed-value' },
  })
  await admin.get('mcpServers.test', { id })
  await allowAll(admin, id)
  expect(await callByModel(admin, workspaceId, 'local__die')).toMatchObject({
    state: 'failed',
    result: expect.stringMatching(/could not do this/),
  })
  const failed = await eventually(
    () => admin.get('mcpServers.get', { id }),
    (server) => server.status === 'error',
  )
  expect(failed.statusReason).toMatch(/code 7.*the disk is on fire/s)
  const environment = await callByModel(admin, workspaceId, 'local__environment')
  const told = JSON.parse((environment as { result: string }).result) as Record<string, string>
  expect(Object.keys(told).sort()).toEqual(['HOME', 'LANG', 'PATH', 'TOKEN'])
  expect(told['TOKEN']).toBe('[hidden: TOKEN]')
  const rows = await shared.current.deps.db.selectFrom('mcp_server').select('sealed_env').where('id', '=', id).execute()
  expect(rows[0]!.sealed_env!.toString('latin1')).not.toContain('sealed-value')
})

describe('rights', () => {
  test('programs are for whoever may run code on the machine; members see and do not change', async () => {
    const [alice, member] = await shared.current.people('alice', 'member')
    const { workspaceId } = alice
    await shared.current.addMember(workspaceId, member, 'User')
    expect(await alice.call('mcpServers.create', { workspaceId, name: 'x', transport: 'stdio', command: 'sh' })).toFailWith(
      'mcp-server.program_forbidden',
    )
    const json = JSON.stringify({ mcpServers: { ok: { url: http.url }, shell: { command: 'sh' } } })
    expect(await alice.call('mcpServers.createFromJson', { workspaceId, json })).toFailWith('mcp-server.program_forbidden')
    expect(await alice.get('mcpServers.list', { workspaceId })).toEqual([])

    const { id } = await alice.get('mcpServers.create', { workspaceId, name: 'x', transport: 'http', url: `${http.url}?key=secret` })
    expect((await member.get('mcpServers.list', { workspaceId }))[0]).toMatchObject({ id, url: null })
    expect(await member.call('mcpServers.update', { id, name: 'y' })).toFailWith('auth.forbidden')
    expect(await member.call('mcpServers.test', { id })).toFailWith('auth.forbidden')
    expect(await member.call('mcpServers.create', { workspaceId, name: 'x', transport: 'http', url: http.url })).toFailWith(
      'auth.forbidden',
    )
  })

  test('a program of a workspace may be renamed by who runs it, but not be made another program', async () => {
    const workspaceId = await team()
    const [runner] = await shared.current.people('runner')
    await shared.current.addMember(workspaceId, runner, 'Super User')
    const { id } = await admin.get('mcpServers.create', { workspaceId, name: 'local', transport: 'stdio', ...stdioServer() })
    expect(await runner.get('mcpServers.update', { id, name: 'Renamed' })).toMatchObject({ name: 'Renamed', slug: 'local' })
    expect(await runner.call('mcpServers.update', { id, args: ['-c', 'id'] })).toFailWith('mcp-server.program_forbidden')
    expect(await runner.call('mcpServers.update', { id, env: { A: 'b' } })).toFailWith('mcp-server.program_forbidden')
  })

  test('credentials of a person are theirs: each calls with their own, and headers do not follow to another origin', async () => {
    const workspaceId = await team()
    const [runner, member] = await shared.current.people('runner', 'member')
    await shared.current.addMember(workspaceId, runner, 'Super User')
    await shared.current.addMember(workspaceId, member, 'User')
    const { id } = await runner.get('mcpServers.create', {
      workspaceId,
      name: 'mine',
      transport: 'http',
      url: http.url,
      credentials: 'personal',
    })
    expect(await runner.get('mcpServers.test', { id })).toMatchObject({ myCredential: 'missing', status: 'disconnected' })
    expect(await runner.get('mcpServers.setCredential', { id, headers: { authorization: 'Bearer of-runner' } })).toMatchObject({
      myCredential: 'ready',
    })
    expect(await runner.get('mcpServers.test', { id })).toMatchObject({ status: 'connected' })
    expect(http.requests.at(-1)!.authorization).toBe('Bearer of-runner')
    await allowAll(runner, id)

    // It waits until the member has connected, whose own credentials it takes.
    const waiting = callByModel(member, workspaceId, 'mine__add', { a: 1, b: 1 })
    const asked = () => shared.current.deps.db.selectFrom('tool_question').select('id').where('asked_of', '=', member.id).execute()
    await eventually(asked, (rows) => rows.length === 1)
    await member.get('mcpServers.setCredential', { id, headers: { authorization: 'Bearer of-member' } })
    expect(await waiting).toMatchObject({ state: 'completed', result: '2' })
    expect(http.requests.at(-1)!.authorization).toBe('Bearer of-member')
    expect(await member.get('mcpServers.deleteCredential', { id })).toMatchObject({ myCredential: 'missing' })

    const shared_ = await runner.get('mcpServers.create', {
      workspaceId,
      name: 'keyed',
      transport: 'http',
      url: http.url,
      headers: { 'x-key': 'k' },
    })
    expect(await runner.call('mcpServers.update', { id: shared_.id, url: 'https://elsewhere.example/mcp' })).toFailWith('request.invalid')
    expect(await runner.call('mcpServers.update', { id: shared_.id, url: `${http.url}?v=2` })).toSucceed()
    await runner.get('mcpServers.test', { id: shared_.id })
    expect(http.requests.at(-1)!['x-key']).toBe('k')
  })
})

test('servers come from the JSON of other clients, all or none, with what is wrong in words', async () => {
  const workspaceId = await team()
  const json = JSON.stringify({
    mcpServers: {
      'File System': {
        command: 'npx',
        args: ['-y', '@modelcontextprotocol/server-filesystem', '/srv'],
        env: { LEVEL: 'info' },
        disabled: false,
      },
      weather: { type: 'streamable-http', url: 'https://weather.example/mcp', headers: { Authorization: 'Bearer x' } },
      old: { type: 'sse', url: 'https://old.example/sse' },
    },
  })
  const servers = await admin.get('mcpServers.createFromJson', { workspaceId, json })
  expect(servers).toMatchObject([
    { name: 'File System', slug: 'file-system', transport: 'stdio', command: 'npx', envNames: ['LEVEL'] },
    { name: 'weather', transport: 'http', url: 'https://weather.example/mcp', headerNames: ['Authorization'] },
    { name: 'old', transport: 'sse' },
  ])
  for (const [bad, words] of [
    ['{', 'not JSON'],
    ['{"mcpServers":{}}', 'no server'],
    ['{"mcpServers":{"a":{}}}', 'neither a command nor an address'],
    ['{"mcpServers":{"a":{"type":"carrier-pigeon","url":"https://x.example"}}}', 'carrier-pigeon'],
    ['{"mcpServers":{"a":{"url":"https://fine.example"},"b":{"url":"file:///etc/passwd"}}}', 'b: url'],
  ] as const) {
    const answer = await admin.call('mcpServers.createFromJson', { workspaceId, json: bad })
    expect(answer).toFailWith('request.invalid')
    expect(JSON.stringify(answer)).toContain(words)
  }
  expect(await admin.get('mcpServers.list', { workspaceId })).toHaveLength(3)
})

test('private addresses are refused where egress does not allow them', async () => {
  const [alice] = await shared.current.people('alice')
  const { id } = await alice.get('mcpServers.create', {
    workspaceId: alice.workspaceId,
    name: 'meta',
    transport: 'http',
    url: 'http://169.254.169.254/',
  })
  expect(await alice.get('mcpServers.test', { id })).toMatchObject({ status: 'error' })
  const [event] = await alice.get('mcpServers.listEvents', { id })
  expect(event!.reason).toMatch(/private network|may not/i)
})

test('a server that is switched off or deleted offers nothing', async () => {
  const [alice] = await shared.current.people('alice')
  const { workspaceId } = alice
  const { id } = await alice.get('mcpServers.create', { workspaceId, name: 'off', transport: 'http', url: http.url })
  await alice.get('mcpServers.test', { id })
  await allowAll(alice, id)
  await alice.get('mcpServers.update', { id, isEnabled: false })
  expect(await callByModel(alice, workspaceId, 'off__add', { a: 1, b: 1 })).toMatchObject({
    result: expect.stringContaining('There is no tool named'),
  })
  await alice.get('mcpServers.update', { id, isEnabled: true })
  expect(await callByModel(alice, workspaceId, 'off__add', { a: 1, b: 1 })).toMatchObject({ result: '2' })
  await alice.get('mcpServers.delete', { id })
  expect(await callByModel(alice, workspaceId, 'off__add', { a: 1, b: 1 })).toMatchObject({
    result: expect.stringContaining('There is no tool named'),
  })
  expect(await alice.call('mcpServers.get', { id })).toFailWith('mcp-server.not_found')
})
