import { expect, test } from 'vitest'
import type { Message } from '../../src/contract/messages.ts'
import type { Turn } from '../../src/contract/turns.ts'
import { account, useProcesses } from '../support/processes.ts'
import { askAs, type ServerProcess } from '../support/server-process.ts'
import { eventually, scripted } from '../support/turn-client.ts'

// Processes that die while a judge thinks: nothing is shown that was not judged, no call is charged twice, and a verdict that was given is not asked for again.

const processes = useProcesses()
const judgeName = 'gpt-4o-mini'

async function guarded(server: ServerProcess) {
  const ask = await askAs(server.url, account)
  const { workspaces } = await ask<{ workspaces: { id: string }[] }>('GET', '/api/me')
  const place = `/api/workspaces/${workspaces[0]!.id}`
  const { models } = await eventually(
    () => ask<{ models: { id: string; internalName: string }[] }>('GET', `${place}/models`),
    (list) => list.models.some(({ internalName }) => internalName === judgeName),
  )
  const idOf = (name: string) => models.find(({ internalName }) => internalName === name)!.id
  await ask('PUT', `${place}/budget`, { limitNanoUsd: '900000000000000', period: 'month' })
  return {
    ask,
    async guard(places: string[]) {
      for (const { id } of await ask<{ id: string }[]>('GET', `${place}/guardrails`)) await ask('DELETE', `/api/guardrails/${id}`)
      const configuration = { kind: 'judge', modelId: idOf(judgeName), question: 'Is it rude?', timeoutSeconds: 60 }
      await ask('POST', `${place}/guardrails`, { name: 'Judge', configuration, places, action: 'block' })
    },
    async startTurn(text: string): Promise<{ turnId: string; conversationId: string }> {
      const { id } = await ask<{ id: string }>('POST', `${place}/conversations`, { modelId: idOf('gpt-4o') })
      return ask('POST', `/api/conversations/${id}/turns`, { text })
    },
    async endOf(turnId: string, conversationId: string): Promise<Message> {
      await eventually(
        () => ask<Turn>('GET', `/api/turns/${turnId}`),
        ({ state }) => state === 'completed',
        30_000,
      )
      const { messages } = await ask<{ messages: Message[] }>('GET', `/api/conversations/${conversationId}/messages`)
      return messages.at(-1)!
    },
  }
}

const judgements = () => processes.current.provider.requests.filter(({ asked }) => asked?.model.includes(judgeName)).length
const textOf = ({ parts }: Message) => parts.map((part) => (part.type === 'text' ? part.text : '')).join('')

/** Each task has ended and one row, and their sum is what the budget has spent. */
async function expectCharged(): Promise<void> {
  const { database } = processes.current
  const open = async () =>
    (await database.query<{ count: number }>(`select count(*)::int from task where status = 'running'`)).rows[0]!.count
  await eventually(open, (count) => count === 0, 30_000)
  const { rows } = await database.query(
    `select (select count(*)::int from task) as tasks, (select count(*)::int from usage) as rows, (select count(distinct task_id)::int from usage) as charged,
      (select coalesce(sum(cost_nano_usd), 0)::text from usage) as cost, (select coalesce(sum(spent_nano_usd), 0)::text from budget_period) as spent,
      (select coalesce(sum(reserved_nano_usd), 0)::text from budget_period) as reserved`,
  )
  const { tasks, cost } = rows[0] as { tasks: number; cost: string }
  expect(rows[0]).toEqual({ tasks, rows: tasks, charged: tasks, cost, spent: cost, reserved: '0' })
  const { rows: types } = await database.query(
    `select distinct type, purpose from usage u join settings_snapshot s on s.model_id = u.model_id where u.model_name like '%mini%' order by 1, 2`,
  )
  expect(types).toEqual([{ type: 'guardrail', purpose: 'guardrail' }])
}

test('killed while the question is judged: another process has it judged, and then it is answered once', async () => {
  const { provider } = processes.current
  await using survivor = await processes.current.start()
  await using dying = await processes.current.start()
  const reader = await guarded(survivor)
  await reader.guard(['input'])
  const restore = provider.script({ fault: 'hang' }, { model: judgeName, times: 1 })
  const other = await guarded(dying)
  const before = judgements()
  const { turnId, conversationId } = await other.startTurn(scripted({ text: 'good day' }))
  await eventually(
    async () => judgements(),
    (count) => count === before + 1,
  )
  restore()
  provider.script({ text: '{"answer": "no", "reason": "Polite."}' }, { model: judgeName })
  await dying.kill('SIGKILL')

  expect(textOf(await reader.endOf(turnId, conversationId))).toBe('good day')
  expect(judgements()).toBe(before + 2)
  await expectCharged()
}, 90_000)

test('killed while the answer is judged: nothing of it was shown, and what was said of the question holds', async () => {
  const { provider, database } = processes.current
  provider.reset()
  await using survivor = await processes.current.start()
  await using dying = await processes.current.start()
  const reader = await guarded(survivor)
  await reader.guard(['input', 'output'])
  const other = await guarded(dying)
  const before = judgements()
  provider.script(() => (judgements() === before + 2 ? { fault: 'hang' } : { text: '{"answer": "no", "reason": "Polite."}' }), {
    model: judgeName,
  })
  const { turnId, conversationId } = await other.startTurn(scripted({ text: 'held words' }))
  await eventually(
    async () => judgements(),
    (count) => count === before + 2,
  )
  const { rows: shown } = await database.query('select events from turn_event where turn_id = $1', [turnId])
  expect(JSON.stringify(shown)).not.toContain('held words')
  await dying.kill('SIGKILL')

  expect(textOf(await reader.endOf(turnId, conversationId))).toBe('held words')
  // Once for the question, twice for the answer.
  expect(judgements()).toBe(before + 3)
  const { rows } = await database.query('select place, outcome from guardrail_verdict where turn_id = $1 order by created_at', [turnId])
  expect(rows).toEqual([
    { place: 'input', outcome: 'passed' },
    { place: 'output', outcome: 'passed' },
  ])
  await expectCharged()
}, 90_000)
