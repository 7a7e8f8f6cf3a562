import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stdioServer } from '../../../../test/support/mcp-server/index.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type TwoApps, useTwoApps } from '../../../../test/support/two-apps.ts'
import { allEvents, conversationWith, eventually, messagesOf, scripted, startTurn } from '../../../../test/support/turn-client.ts'
import { isAlive } from '../../../../test/support/server-process.ts'

const provider = await startProviderServer({ port: 0 })
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'addons-'))
  const file = new DatabaseSync(join(dir, 'shop.db'))
  file.exec('create table item (name text)')
  file.close()
})
const two = useTwoApps(() => ({
  OPENAI_API_KEY: 'sk-test-0000',
  OPENAI_BASE_URL: provider.baseUrl('openai'),
  EGRESS_ALLOW: '127.0.0.1',
  SQLITE_DIR: dir,
}))
let { admin, elsewhere } = {} as TwoApps
beforeAll(() => void ({ admin, elsewhere } = two.current))
afterAll(async () => {
  await provider.close()
  await rm(dir, { recursive: true })
})

const change = (id: string, enabled: boolean) => admin.get('addons.switch', { id, enabled } as never)

/** The names that a model is told of, asked in the other process. */
async function offeredElsewhere(): Promise<string[]> {
  const conversationId = await conversationWith(elsewhere, 'gpt-4o')
  await allEvents(await startTurn(elsewhere, conversationId, { text: scripted({ text: 'hello' }) }))
  const tools = (provider.requests.at(-1)!.body['tools'] ?? []) as { name?: string; function?: { name: string } }[]
  return tools.map((tool) => tool.name ?? tool.function!.name)
}

async function callElsewhere(name: string, args: object) {
  const conversationId = await conversationWith(elsewhere, 'gpt-4o')
  const toolRounds = [[{ name, arguments: args as never }]]
  const events = startTurn(elsewhere, conversationId, { text: scripted({ toolRounds, text: 'done' }) }).then(allEvents)
  return { conversationId, events }
}

test('the parts are listed with what they are, what they cost, and whether they are on', async () => {
  const { addons } = await admin.get('addons.list')

  expect(addons.map(({ id }) => id)).toEqual([
    'code-javascript',
    'code-python',
    'tool-programs',
    'package-tools',
    'database-tools',
    'web-search',
  ])
  for (const addon of addons) {
    expect(addon).toMatchObject({ enabled: true, problem: null, version: expect.stringMatching(/^\d+\.\d+/) })
    expect(addon.description.length * addon.cost.length).toBeGreaterThan(0)
  }
})

test('a language that is switched off is not offered, its running program is stopped, and the other stays', async () => {
  const { conversationId, events } = await callElsewhere('run_code', { language: 'python', code: 'while True: pass' })
  const waiting = await eventually(
    () => messagesOf(elsewhere, conversationId),
    (messages) => messages.at(-1)?.answer?.state === 'waiting',
  )
  const { turnId } = waiting.at(-1)!.answer!
  const [question] = (await elsewhere.get('turns.get', { id: turnId })).waitingFor
  await elsewhere.get('turns.decide', { id: turnId, callId: question!.callId, decision: 'allow' })
  await eventually(
    () => messagesOf(elsewhere, conversationId),
    (messages) => messages.at(-1)?.parts.some((part) => part.type === 'tool-call' && part.state === 'running') === true,
  )

  await change('code-python', false)

  await events
  const [part] = (await messagesOf(elsewhere, conversationId)).at(-1)!.parts
  expect(part).toMatchObject({ state: 'failed', result: expect.stringContaining('switched this language off') })
  expect(await offeredElsewhere()).toContain('run_code')
  expect(JSON.stringify(provider.requests.at(-1)!.body['tools'])).not.toMatch(/python/i)

  await change('code-javascript', false)
  await expect.poll(offeredElsewhere).not.toContain('run_code')

  await change('code-python', true)
  await change('code-javascript', true)
  await expect.poll(offeredElsewhere).toContain('run_code')
})

test('programs of tool servers end, in the other process too, and are started again where they are switched on', async () => {
  const { workspaceId } = admin
  const { id } = await admin.get('mcpServers.create', { workspaceId, name: 'local', transport: 'stdio', ...stdioServer() })
  await admin.get('mcpServers.test', { id })
  const tools = await admin.get('mcpServers.listTools', { id })
  await admin.get('mcpServers.setPermissions', { id, toolIds: tools.map((tool) => tool.id), permission: 'allow' })
  await expect.poll(offeredElsewhere).toContain('local__process')
  const asked = await callElsewhere('local__process', {})
  await asked.events
  const [part] = (await messagesOf(elsewhere, asked.conversationId)).at(-1)!.parts
  const pid = Number((part as { result: string }).result)
  expect(isAlive(pid)).toBe(true)

  await change('tool-programs', false)

  await expect.poll(() => isAlive(pid)).toBe(false)
  expect(await offeredElsewhere()).not.toContain('local__process')
  expect(await admin.get('mcpServers.test', { id })).toMatchObject({
    status: 'error',
    statusReason: expect.stringContaining('switched off'),
  })

  await change('tool-programs', true)
  expect(await admin.get('mcpServers.test', { id })).toMatchObject({ status: 'connected' })
  await expect.poll(offeredElsewhere).toContain('local__process')
})

test('databases are not offered and not asked while that part is off', async () => {
  const { workspaceId } = admin
  const configuration = { kind: 'database' as const, target: { engine: 'sqlite' as const, path: 'shop.db' } }
  await admin.get('customTools.create', { workspaceId, name: 'shop', configuration })
  await expect.poll(offeredElsewhere).toContain('shop__query')

  await change('database-tools', false)

  await expect.poll(offeredElsewhere).not.toContain('shop__query')
  await change('database-tools', true)
  await expect.poll(offeredElsewhere).toContain('shop__query')
})

test('runtimes are found where the server looks, with version and path', async () => {
  const { node, python, confinement } = await admin.get('addons.runtimes')

  expect(node).toMatchObject({ installed: true, version: expect.stringMatching(/^\d+\.\d+\.\d+$/), path: expect.stringMatching(/^\//) })
  expect(python).toMatchObject({ installed: true, version: expect.stringMatching(/^3\.\d+/), path: expect.stringMatching(/^\/.*python/) })
  expect(confinement).toMatchObject({ available: true })
})
