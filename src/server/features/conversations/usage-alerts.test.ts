import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { useConversationApp } from '../../../../test/support/conversation-app.ts'
import type { Person } from '../../../../test/support/test-app.ts'
import { allEvents, eventually, scripted, startTurn } from '../../../../test/support/turn-client.ts'

const { shared, begin } = await useConversationApp({ EGRESS_ALLOW: '127.0.0.1', TITLES: 'first-line' })

let alice: Person
let id: string
beforeEach(async () => {
  ;[alice, id] = await begin()
})

/** Every turn costs the same. */
const ask = async () =>
  allEvents(
    await startTurn(alice, id, { text: scripted({ text: 'Fine.', usage: { input: 1000, output: 100, reasoning: 0, cacheRead: 0 } }) }),
  )
const spent = async () => BigInt((await alice.get('conversations.getSettings', { id })).spent.costNanoUsd)
const alerts = async () => {
  const { rows } = await sql<{ event: { costNanoUsd: string; alertNanoUsd: string; conversationId: string } }>`
    select event from user_event where stream_id = ${alice.id} and event ->> 'type' = 'usage-alert' order by seq`.execute(
    shared.current.deps.db,
  )
  return rows.map(({ event }) => event)
}
const told = async (count: number) => eventually(alerts, (all) => all.length === count)

test('its owner is told once when a conversation has cost as much as they wanted to know of, to the nano-dollar', async () => {
  await ask()
  const each = await spent()
  const { rows } = await sql<{ cost: bigint }>`select sum(cost_nano_usd)::bigint as cost from usage where conversation_id = ${id}`.execute(
    shared.current.deps.db,
  )
  expect(each).toBe(rows[0]!.cost)
  expect(each).toBeGreaterThan(0n)

  const usageAlertNanoUsd = String(each * 3n)
  expect(await alice.get('conversations.update', { id, usageAlertNanoUsd })).toMatchObject({ usageAlertNanoUsd, usageAlertedAt: null })
  await ask()
  // One nano-dollar more would not be reached by the next.
  expect((await alice.get('conversations.get', { id })).usageAlertedAt).toBeNull()
  await ask()
  const [alert] = await told(1)
  expect(alert).toMatchObject({ conversationId: id, alertNanoUsd: usageAlertNanoUsd, costNanoUsd: usageAlertNanoUsd, isAtLeast: false })
  expect((await alice.get('conversations.get', { id })).usageAlertedAt).not.toBeNull()

  await ask()
  expect(await spent()).toBe(each * 4n)
  expect(await alerts()).toHaveLength(1)

  // Another amount begins anew, the same one does not.
  await alice.get('conversations.update', { id, usageAlertNanoUsd })
  expect(await alerts()).toHaveLength(1)
  await alice.get('conversations.update', { id, usageAlertNanoUsd: String(each * 5n) })
  await ask()
  await told(2)
})

test('an amount that was passed already is told at once, and none is never told', async () => {
  await ask()
  expect(await alice.get('conversations.update', { id, usageAlertNanoUsd: '1' })).toMatchObject({
    usageAlertedAt: expect.any(String),
  })
  expect(await alerts()).toHaveLength(1)
  expect(await alice.get('conversations.update', { id, usageAlertNanoUsd: null })).toMatchObject({ usageAlertedAt: null })
  await ask()
  expect(await alerts()).toHaveLength(1)
  for (const bad of ['0', '-1', '0.5', ''])
    expect(await alice.call('conversations.update', { id, usageAlertNanoUsd: bad })).toFailWith('request.invalid')
})

test('two answers that end at once are told of once', async () => {
  await ask()
  await alice.get('conversations.update', { id, usageAlertNanoUsd: String((await spent()) + 1n) })
  const text = scripted({ text: 'Fine.', usage: { input: 1000, output: 100, reasoning: 0, cacheRead: 0 } })
  const turns = await Promise.all([1, 2].map(() => startTurn(alice, id, { text, parentId: null })))
  await Promise.all(turns.map((turn) => allEvents(turn)))
  await told(1)
  await ask()
  expect(await alerts()).toHaveLength(1)
})

test('whether usage is shown is the conversation’s own, off at first, and a fork has it too', async () => {
  expect(await alice.get('conversations.get', { id })).toMatchObject({ showsUsage: false, usageAlertNanoUsd: null })
  await ask()
  expect(await alice.get('conversations.update', { id, showsUsage: true, usageAlertNanoUsd: '1000000000' })).toMatchObject({
    showsUsage: true,
  })
  const { messages } = await alice.get('conversations.messages', { id })
  expect(messages.at(-1)!.answer).toMatchObject({ tokens: { input: 1000, output: 100 }, costNanoUsd: expect.any(String) })
  const fork = await alice.get('conversations.fork', { id, messageId: messages.at(-1)!.id })
  // What it costs begins anew, and so nobody asked to be told of it.
  expect(fork).toMatchObject({ showsUsage: true, usageAlertNanoUsd: null })
})
