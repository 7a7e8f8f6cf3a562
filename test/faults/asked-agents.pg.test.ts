import { expect, test } from 'vitest'
import type { Message } from '../../src/contract/messages.ts'
import type { Turn } from '../../src/contract/turns.ts'
import { account, useProcesses } from '../support/processes.ts'
import { askAs, type ServerProcess } from '../support/server-process.ts'
import { eventually, scripted, textOf } from '../support/turn-client.ts'

// A process that dies while one agent waits for another: whoever goes on finds the same child, and nobody is asked or paid twice.

const processes = useProcesses()

interface Child {
  conversation: { id: string }
  state: string
}

async function person(server: ServerProcess) {
  const ask = await askAs(server.url, account)
  const { workspaces } = await ask<{ workspaces: { id: string }[] }>('GET', '/api/me')
  const workspaceId = workspaces[0]!.id
  const { models } = await eventually(
    () => ask<{ models: { id: string; internalName: string }[] }>('GET', `/api/workspaces/${workspaceId}/models`),
    (list) => list.models.some(({ internalName }) => internalName === 'gpt-4o'),
  )
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  return {
    ask,
    turn: (id: string) => ask<Turn>('GET', `/api/turns/${id}`),
    children: (id: string) => ask<Child[]>('GET', `/api/conversations/${id}/children`),
    answer: async (id: string) => (await ask<{ messages: Message[] }>('GET', `/api/conversations/${id}/messages`)).messages.at(-1)!,
    async begin(text: string): Promise<{ turnId: string; conversationId: string }> {
      const agent = (fields: object) => ask<{ id: string }>('POST', `/api/workspaces/${workspaceId}/agents`, { modelId, ...fields })
      await agent({ name: 'Poet', tools: [] })
      const { id: agentId } = await agent({ name: 'Editor', tools: ['ask_agent'] })
      const { id } = await ask<{ id: string }>('POST', `/api/workspaces/${workspaceId}/conversations`, { agentId })
      return ask('POST', `/api/conversations/${id}/turns`, { text })
    },
  }
}

test('an agent that was being asked answers the one that took its place', async () => {
  const verse = Array.from({ length: 60 }, (_, at) => `line ${at}`).join(' ')
  const question = scripted({ text: verse, delayMs: 60 })
  const script = scripted({ toolRounds: [[{ name: 'ask_agent', arguments: { agent: 'Poet', question } }]], text: 'It says: {{results}}' })
  await using survivor = await processes.current.start()
  await using dying = await processes.current.start()
  const first = await person(dying)
  const { turnId, conversationId } = await first.begin(script)
  const [child] = await eventually(
    () => first.children(conversationId),
    (children) => children[0]?.state === 'running',
  )
  await eventually(
    () => first.answer(child!.conversation.id),
    (message) => message.role === 'assistant',
  )
  await dying.kill('SIGKILL')

  const other = await person(survivor)
  await eventually(
    () => other.turn(turnId),
    ({ state }) => state === 'completed',
    60_000,
  )
  const answer = await other.answer(conversationId)
  expect(answer.parts.filter(({ type }) => type === 'tool-call')).toMatchObject([{ toolName: 'ask_agent', state: 'completed' }])
  // Whatever the child said in the end, which was taken over itself: the same, once.
  const said = textOf(await other.answer(child!.conversation.id))
  expect(said).not.toBe('')
  expect(textOf(answer)).toBe(`It says: ${said}`)
  expect(await other.children(conversationId)).toMatchObject([{ conversation: { id: child!.conversation.id }, state: 'completed' }])
  const { rows } = await processes.current.database.query('select count(*)::int as turns from turn where conversation_id = $1', [
    child!.conversation.id,
  ])
  expect(rows).toEqual([{ turns: 1 }])
}, 120_000)
