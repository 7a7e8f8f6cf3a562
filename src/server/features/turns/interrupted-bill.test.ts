import { sql } from 'kysely'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, conversationWith, eventually, messagesOf, scripted, startTurn, turnIdOf } from '../../../../test/support/turn-client.ts'
import type { TurnEvent } from '../../../contract/turns.ts'
import { newId } from '../../platform/ids.ts'

const provider = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({ env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') } })

let ada: Person
let conversationId: string
beforeEach(async () => {
  await shared.current.app.listing?.firstRound
  ;[ada] = await shared.current.people('ada')
  conversationId = await conversationWith(ada, 'gpt-4o')
})

async function turnOf(script: object): Promise<{ turnId: string; events: TurnEvent[] }> {
  const seen = await allEvents(await startTurn(ada, conversationId, { text: scripted(script) }))
  return { turnId: turnIdOf(seen), events: seen.map(({ event }) => event as TurnEvent) }
}

/** As a process leaves it that dies in the first call, with this of its answer in the row and this in the log. Answers what its call is charged. */
async function interrupted(turnId: string, parts: object[], logged: readonly TurnEvent[]) {
  const { db } = shared.current.deps
  await db.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('usage')
      .where('turn_id', '=', turnId as never)
      .execute()
    await sql`delete from tool_call where turn_id = ${turnId}`.execute(tx)
    await sql`delete from task where turn_id = ${turnId} and step > 1`.execute(tx)
    await sql`update task set status = 'running', finished_at = null where turn_id = ${turnId}`.execute(tx)
    await sql`delete from turn_event where turn_id = ${turnId}`.execute(tx)
    const events = JSON.stringify(logged.map((event, index) => [index + 1, index + 1, event]))
    await sql`insert into turn_event (turn_id, epoch, first_seq, last_seq, events) values (${turnId}, 1, 1, ${logged.length}, ${events}::jsonb)`.execute(
      tx,
    )
    await sql`update message set parts = ${JSON.stringify(parts)}::jsonb where turn_id = ${turnId} and role = 'assistant'`.execute(tx)
    await sql`update turn set state = 'running', finished_at = null, process_id = ${newId()} where id = ${turnId}`.execute(tx)
  })
  await eventually(
    () => messagesOf(ada, conversationId),
    (messages) => messages.at(-1)?.answer?.state === 'completed',
    20_000,
  )
  const { rows } = await sql<{ input: number; output: number; count: number }>`
    select u.input_tokens as input, u.output_tokens as output, (select count(*)::int from usage where task_id = u.task_id) as count
    from usage u join task k on k.id = u.task_id where u.turn_id = ${turnId} and k.status = 'interrupted'`.execute(db)
  expect(rows).toMatchObject([{ count: 1 }])
  return rows[0]!
}

test('a call of which only tools are known, since they ran before they were written down, is paid for', async () => {
  const { turnId, events } = await turnOf({ toolRounds: [[{ name: 'calculate', arguments: { expression: '6*7' } }]], text: 'It is 42.' })
  const end = events.findIndex((event) => event.type === 'step-started' && event.step === 2)
  const { input, output } = await interrupted(turnId, [], events.slice(0, end))
  expect(input).toBeGreaterThan(0)
  expect(output).toBeGreaterThan(0)
})

test('what an earlier process had written is not charged again when the one that went on dies too', async () => {
  const text = 'word '.repeat(400)
  const { turnId, events } = await turnOf({ text })
  const kept = [{ type: 'text' as const, step: 1, text: 'word '.repeat(300) }]
  const started = events.filter((event) => event.type === 'turn-started' || event.type === 'step-started')
  const more: TurnEvent[] = [
    { type: 'turn-resumed', parts: kept },
    { type: 'text-delta', part: 0, step: 1, offset: 1_500, text: 'word '.repeat(100) },
  ]
  const { output } = await interrupted(turnId, kept, [...started, ...more])
  expect(output).toBeGreaterThan(50)
  expect(output).toBeLessThan(150)
})
