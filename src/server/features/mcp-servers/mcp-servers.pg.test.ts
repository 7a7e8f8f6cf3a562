import { sql } from 'kysely'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { startHttpMcpServer, stdioServer } from '../../../../test/support/mcp-server/index.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type TwoApps, useTwoApps } from '../../../../test/support/two-apps.ts'
import { defineJob } from '../../platform/jobs/index.ts'
import { allEvents, conversationWith, messagesOf, scripted, startTurn } from '../../../../test/support/turn-client.ts'
import { isAlive } from '../../../../test/support/server-process.ts'

const provider = await startProviderServer({ port: 0 })
const two = useTwoApps(() => ({ EGRESS_ALLOW: '127.0.0.1', OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') }))
let { app, other, admin, elsewhere } = {} as TwoApps
beforeAll(() => void ({ app, other, admin, elsewhere } = two.current))
afterAll(() => provider.close())

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

/** As if a day had passed. */
const makeAllDue = () =>
  sql`update mcp_server set check_at = now() - interval '1 second', status_at = status_at - interval '1 day'`.execute(app.deps.db)
const job = defineJob('tool-servers', z.undefined(), async () => {})
const check = () => Promise.all([app, other].map((each) => each.app.jobs.send(job, undefined)))
const stateOf = async (id: string) => {
  const { status, statusReason } = await admin.get('mcpServers.get', { id })
  return { status, statusReason }
}

test('a server that fails is asked again by one process, its history says so, and when it comes back it is taken up by itself', async () => {
  await Promise.all([app.app.jobs.start(), other.app.jobs.start()])
  const http = await startHttpMcpServer()
  onTestFinished(() => http[Symbol.asyncDispose]())
  const { id } = await admin.get('mcpServers.create', { workspaceId: admin.workspaceId, name: 'far', transport: 'http', url: http.url })
  expect(await admin.get('mcpServers.test', { id })).toMatchObject({ status: 'connected' })

  http.answerWith = (_request, response) => void response.writeHead(503).end()
  await makeAllDue()
  await check()
  await expect.poll(() => stateOf(id)).toMatchObject({ status: 'error', statusReason: expect.stringContaining('503') })

  http.answerWith = undefined
  await makeAllDue()
  const before = http.requests.length
  await check()
  await expect.poll(() => stateOf(id)).toEqual({ status: 'connected', statusReason: null })
  const events = await admin.get('mcpServers.listEvents', { id })
  expect(events.map(({ status }) => status)).toEqual(['connected', 'error', 'connected'])
  // One of the two has asked: a connection and a list of tools, no more.
  await expect.poll(() => nextCheckMinutes(id)).toBeGreaterThan(8)
  expect(http.requests.length - before).toBeLessThanOrEqual(4)
})

test('one that sleeps, one that is a program and one that is switched off are left alone', async () => {
  const http = await startHttpMcpServer()
  onTestFinished(() => http[Symbol.asyncDispose]())
  const { workspaceId } = admin
  const sleeping = await admin.get('mcpServers.create', { workspaceId, name: 'sleeping', transport: 'http', url: http.url })
  const off = await admin.get('mcpServers.create', { workspaceId, name: 'off', transport: 'http', url: http.url })
  await admin.get('mcpServers.update', { id: off.id, isEnabled: false })
  const program = await addAllowed('program')
  const watched = await startHttpMcpServer()
  onTestFinished(() => watched[Symbol.asyncDispose]())
  const { id } = await admin.get('mcpServers.create', { workspaceId, name: 'watched', transport: 'http', url: watched.url })
  await admin.get('mcpServers.test', { id })
  await makeAllDue()

  await check()

  // The one that is asked has been asked: the others would have been with it.
  await expect.poll(() => nextCheckMinutes(id)).toBeGreaterThan(8)
  expect(http.requests).toEqual([])
  for (const each of [sleeping.id, off.id, program]) expect(await nextCheckMinutes(each)).toBeLessThan(0.1)
})

async function nextCheckMinutes(id: string): Promise<number> {
  const { check_at } = await app.deps.db.selectFrom('mcp_server').select('check_at').where('id', '=', id).executeTakeFirstOrThrow()
  return (check_at!.getTime() - Date.now()) / 60_000
}
