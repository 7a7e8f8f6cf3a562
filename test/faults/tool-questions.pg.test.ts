import { expect, test } from 'vitest'
import type { McpServer, McpTool } from '../../src/contract/mcp-servers.ts'
import type { Message, ToolCallPart } from '../../src/contract/messages.ts'
import { makeAskingServer } from '../support/mcp-server/asking.ts'
import { startHttpMcpServer, stdioServer } from '../support/mcp-server/index.ts'
import { account, useProcesses } from '../support/processes.ts'
import { askAs, type ServerProcess } from '../support/server-process.ts'
import { eventually, scripted } from '../support/turn-client.ts'

// A process that dies while a person thinks: what its server handed over is enough to go on, once; what the server kept is told as interrupted.

const processes = useProcesses({ EGRESS_ALLOW: '127.0.0.1' })

async function person(server: ServerProcess) {
  const ask = await askAs(server.url, account)
  const { workspaces } = await ask<{ workspaces: { id: string }[] }>('GET', '/api/me')
  const place = `/api/workspaces/${workspaces[0]!.id}`
  return {
    ask,
    async addServer(values: object): Promise<string> {
      const { id, slug } = await ask<McpServer>('POST', `${place}/mcp-servers`, values)
      await ask('POST', `/api/mcp-servers/${id}/test`, {})
      const tools = await ask<McpTool[]>('GET', `/api/mcp-servers/${id}/tools`)
      await ask('PATCH', `/api/mcp-servers/${id}/tools`, { toolIds: tools.map((tool) => tool.id), permission: 'allow' })
      return slug
    },
    async call(name: string): Promise<string> {
      const { models } = await eventually(
        () => ask<{ models: { id: string; internalName: string }[] }>('GET', `${place}/models`),
        (list) => list.models.some(({ internalName }) => internalName === 'gpt-4o'),
      )
      const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
      const { id } = await ask<{ id: string }>('POST', `${place}/conversations`, { modelId })
      await ask('POST', `/api/conversations/${id}/turns`, { text: scripted({ toolRounds: [[{ name, arguments: {} }]], text: 'done' }) })
      return id
    },
    async part(conversationId: string): Promise<ToolCallPart | undefined> {
      const { messages } = await ask<{ messages: Message[] }>('GET', `/api/conversations/${conversationId}/messages`)
      return messages.at(-1)!.parts.find((part) => part.type === 'tool-call')
    },
  }
}

const isAsking = (part: ToolCallPart | undefined) => part?.questions?.some(({ state }) => state === 'asked') === true
const values = { name: 'Jo', candles: 7 }

test('with the newer revision the call goes on elsewhere, with an answer that was given meanwhile, and takes effect once', async () => {
  const orders: unknown[] = []
  await using http = await startHttpMcpServer(() => makeAskingServer({ onOrder: (order) => orders.push(order) }))
  await using survivor = await processes.current.start()
  await using dying = await processes.current.start()
  const before = await person(dying)
  const slug = await before.addServer({ name: 'Bakery', transport: 'http', url: http.url })
  const conversationId = await before.call(`${slug}__order`)
  const asked = await eventually(() => before.part(conversationId), isAsking)
  await dying.kill('SIGKILL')

  const after = await person(survivor)
  // Nobody runs the turn at this moment; the answer is taken all the same.
  await after.ask('POST', `/api/tool-questions/${asked!.questions![0]!.id}/answer`, { action: 'accept', values })
  const ended = await eventually(
    () => after.part(conversationId),
    (part) => part !== undefined && part.state !== 'running',
    30_000,
  )
  expect(ended).toMatchObject({ state: 'completed', questions: [{ id: asked!.questions![0]!.id, state: 'accepted' }] })
  expect(ended!.result).toContain('asked-for-the-cake')
  expect(orders).toEqual([values])
})

test('with the older revision it is told as interrupted, and nothing can be answered any more', async () => {
  await using survivor = await processes.current.start()
  await using dying = await processes.current.start()
  const before = await person(dying)
  const slug = await before.addServer({ name: 'Corner shop', transport: 'stdio', ...stdioServer('asking') })
  const conversationId = await before.call(`${slug}__order`)
  const asked = await eventually(() => before.part(conversationId), isAsking)
  await dying.kill('SIGKILL')

  const after = await person(survivor)
  const ended = await eventually(
    () => after.part(conversationId),
    (part) => part !== undefined && part.state !== 'running',
    30_000,
  )
  expect(ended).toMatchObject({ state: 'interrupted' })
  const answer = after.ask('POST', `/api/tool-questions/${asked!.questions![0]!.id}/answer`, { action: 'accept', values })
  await expect(answer).rejects.toThrow(/tool-question\.ended|409/)
})
