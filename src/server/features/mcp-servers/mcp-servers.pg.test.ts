import { afterAll, beforeAll, expect, test } from 'vitest'
import { stdioServer } from '../../../../test/support/mcp-server/index.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, startTestApp, type TestApp } from '../../../../test/support/test-app.ts'
import { allEvents, conversationWith, messagesOf, scripted, startTurn } from '../../../../test/support/turn-client.ts'

const provider = await startProviderServer({ port: 0 })
let app: TestApp
let other: TestApp
let admin: Person
/** The same person, asking the other process. */
let elsewhere: Person

beforeAll(async () => {
  app = await startTestApp({ database: 'postgres', env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') } })
  other = await app.another()
  admin = await app.admin()
  const { secret } = await admin.get('people.createApiKey', { name: 'other process' })
  const { id, email, password, workspaceId } = admin
  elsewhere = Object.assign(other.withKey(secret), { id, email, password, workspaceId })
  await app.app.listing?.firstRound
})
afterAll(async () => {
  await other[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
  await provider.close()
})

async function addAllowed(name: string): Promise<string> {
  const { id } = await admin.get('mcpServers.create', { workspaceId: admin.workspaceId, name, transport: 'stdio', ...stdioServer() })
  await admin.get('mcpServers.test', { id })
  const tools = await admin.get('mcpServers.listTools', { id })
  await admin.get('mcpServers.setPermissions', { id, toolIds: tools.map((tool) => tool.id), permission: 'allow' })
  return id
}

/** The process that answers a model in the other process. */
async function pidElsewhere(name: string): Promise<number> {
  const conversationId = await conversationWith(elsewhere, 'gpt-4o')
  const toolRounds = [[{ name: `${name}__process`, arguments: {} }]]
  await allEvents(await startTurn(elsewhere, conversationId, { text: scripted({ toolRounds, text: 'done' }) }))
  const [part] = (await messagesOf(elsewhere, conversationId)).at(-1)!.parts
  return Number((part as { result?: string }).result)
}

test('a server that is changed or deleted ends in every process', async () => {
  const changed = await addAllowed('changed')
  const deleted = await addAllowed('deleted')
  const before = await pidElsewhere('changed')
  const gone = await pidElsewhere('deleted')
  expect([before, gone].map(isAlive)).toEqual([true, true])

  await admin.get('mcpServers.update', { id: changed, env: { LEVEL: 'new' } })
  await admin.get('mcpServers.delete', { id: deleted })

  await expect.poll(() => [before, gone].map(isAlive)).toEqual([false, false])
  const after = await pidElsewhere('changed')
  expect(after).not.toBe(before)
  expect(isAlive(after)).toBe(true)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
