import { expect, test } from 'vitest'
import type { Message, ToolCallPart } from '../../src/contract/messages.ts'
import type { Turn } from '../../src/contract/turns.ts'
import { account, useProcesses } from '../support/processes.ts'
import { askAs, type ServerProcess } from '../support/server-process.ts'
import { eventually, scripted } from '../support/turn-client.ts'

// Processes that die in the middle of tools, and people who decide meanwhile: no effect twice, one result for each call, nothing charged twice.

const processes = useProcesses()
const start = () => processes.current.start()

async function person(server: ServerProcess) {
  const ask = await askAs(server.url, account)
  const { workspaces } = await ask<{ workspaces: { id: string }[] }>('GET', '/api/me')
  const { models } = await eventually(
    () => ask<{ models: { id: string; internalName: string }[] }>('GET', `/api/workspaces/${workspaces[0]!.id}/models`),
    (list) => list.models.some(({ internalName }) => internalName === 'gpt-4o'),
  )
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  return {
    ask,
    async startTurn(text: string): Promise<{ turnId: string; conversationId: string }> {
      const { id } = await ask<{ id: string }>('POST', `/api/workspaces/${workspaces[0]!.id}/conversations`, { modelId })
      return ask('POST', `/api/conversations/${id}/turns`, { text })
    },
    turn: (id: string) => ask<Turn>('GET', `/api/turns/${id}`),
    async calls(conversationId: string): Promise<ToolCallPart[]> {
      const { messages } = await ask<{ messages: Message[] }>('GET', `/api/conversations/${conversationId}/messages`)
      return messages.at(-1)!.parts.filter((part) => part.type === 'tool-call')
    },
  }
}

const effectsOf = () => processes.current.effects()

/** Every call has ended with one result, the message says the same as the rows, and each task was charged once. */
async function expectWhole(turnId: string, calls: readonly ToolCallPart[]): Promise<void> {
  const { rows } = await processes.current.database.query<{ call_id: string; state: string; result: string }>(
    'select call_id, state, result from tool_call where turn_id = $1 order by step, call_id',
    [turnId],
  )
  expect(rows.every(({ result }) => result !== null)).toBe(true)
  const said = calls.map(({ callId, state, result }) => ({ call_id: callId, state, result }))
  expect(said.toSorted((a, b) => (a.call_id < b.call_id ? -1 : 1))).toEqual(rows.toSorted((a, b) => (a.call_id < b.call_id ? -1 : 1)))
  const { rows: charged } = await processes.current.database.query(
    `select (select count(*)::int from task where turn_id = $1) as tasks, (select count(*)::int from usage where turn_id = $1) as rows,
      (select count(distinct task_id)::int from usage where turn_id = $1) as charged`,
    [turnId],
  )
  const { tasks } = charged[0] as { tasks: number }
  expect(charged[0]).toEqual({ tasks, rows: tasks, charged: tasks })
}

test('a process that dies while tools run: what may not run twice does not, what may does, and each call has one result', async () => {
  const calls = [
    { name: 'record_effect', arguments: { note: 'slow' } },
    { name: 'look_up', arguments: {} },
  ]
  const script = scripted({ toolRounds: [calls], text: 'done' })
  await using survivor = await start()
  await using dying = await start()
  const other = await person(dying)
  const { turnId, conversationId } = await other.startTurn(script)
  // Its effect has happened, and its result has not come.
  await eventually(effectsOf, (done) => done.length === 1)
  await dying.kill('SIGKILL')

  const reader = await person(survivor)
  await eventually(
    () => reader.turn(turnId),
    ({ state }) => state === 'completed',
    30_000,
  )
  const parts = await reader.calls(conversationId)
  expect(parts.map(({ toolName, state }) => [toolName, state])).toEqual([
    ['record_effect', 'interrupted'],
    ['look_up', 'completed'],
  ])
  expect(await effectsOf()).toHaveLength(1)
  await expectWhole(turnId, parts)
}, 90_000)

test('a question outlives every process, is answered once by whoever is first, and the tool runs once', async () => {
  const before = (await effectsOf()).length
  await using asked = await start()
  const first = await person(asked)
  const { turnId, conversationId } = await first.startTurn(
    scripted({ toolRounds: [[{ name: 'record_effect_if_allowed', arguments: {} }]], text: 'done' }),
  )
  const { waitingFor } = await eventually(
    () => first.turn(turnId),
    ({ state }) => state === 'waiting',
  )
  await asked.kill('SIGKILL')

  await using one = await start()
  await using two = await start()
  const [here, there] = await Promise.all([person(one), person(two)])
  const decision = { callId: waitingFor[0]!.callId, decision: 'allow' }
  const answers = await Promise.allSettled(
    [here, there, here, there].map(({ ask }) => ask('POST', `/api/turns/${turnId}/decisions`, decision)),
  )
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  await eventually(
    () => here.turn(turnId),
    ({ state }) => state === 'completed',
    30_000,
  )
  expect(await effectsOf()).toHaveLength(before + 1)
  await expectWhole(turnId, await here.calls(conversationId))
}, 90_000)

test('a call that a person cancelled is not begun again by who takes the turn over', async () => {
  await using survivor = await start()
  await using dying = await start()
  const other = await person(dying)
  const { turnId, conversationId } = await other.startTurn(scripted({ toolRounds: [[{ name: 'look_long', arguments: {} }]], text: 'done' }))
  const [call] = await eventually(
    () => other.calls(conversationId),
    (parts) => parts.length === 1,
  )
  await dying.kill('SIGKILL')
  const reader = await person(survivor)
  await reader.ask('POST', `/api/turns/${turnId}/cancelled-calls`, { callId: call!.callId })

  await eventually(
    () => reader.turn(turnId),
    ({ state }) => state === 'completed',
    30_000,
  )
  const parts = await reader.calls(conversationId)
  expect(parts[0]).toMatchObject({ state: 'cancelled' })
  await expectWhole(turnId, parts)
}, 90_000)
