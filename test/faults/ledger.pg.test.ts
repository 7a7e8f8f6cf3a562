import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startProviderServer } from '../support/provider-server/index.ts'
import { type Client, type Person, startTestApp, type TestApp } from '../support/test-app.ts'
import { eventually, scripted } from '../support/turn-client.ts'

// Money under contention: two processes, many turns, one small budget. Locks do not contend on the embedded database.

const provider = await startProviderServer()
let one: TestApp
let two: TestApp
beforeAll(async () => {
  one = await startTestApp({ database: 'postgres', env: { OPENAI_API_KEY: 'sk-ledger-0000', OPENAI_BASE_URL: provider.baseUrl('openai') } })
  two = await one.another()
  await one.app.listing?.firstRound
})
afterAll(async () => {
  await two[Symbol.asyncDispose]()
  await one[Symbol.asyncDispose]()
  await provider.close()
})

/** At most 20 tokens in and 900 out of gpt-4o: 9.05 thousandths of a cent; what is held back for it is a little more. */
const paid = scripted({ tokens: 20, delayMs: 3, usage: { input: 20, output: 900 } })

async function onBoth(person: Person): Promise<[Client, Client]> {
  const { secret } = await person.get('people.createApiKey', { name: 'both processes' })
  return [one.withKey(secret), two.withKey(secret)]
}

async function modelOf(person: Person): Promise<string> {
  const { models } = await person.get('models.list', { workspaceId: person.workspaceId })
  return models.find(({ internalName }) => internalName === 'gpt-4o')!.id
}

async function conversationsOf(person: Person, workspaceId: string, count: number): Promise<string[]> {
  const modelId = await modelOf(person)
  return Promise.all(Array.from({ length: count }, async () => (await person.get('conversations.create', { workspaceId, modelId })).id))
}

async function sumsOf(workspaceId: string) {
  const { rows } = await sql<{ spent: bigint; reserved: bigint; used: bigint; open: bigint }>`
    select coalesce(sum(p.spent_nano_usd), 0)::bigint as spent, coalesce(sum(p.reserved_nano_usd), 0)::bigint as reserved,
      (select coalesce(sum(cost_nano_usd), 0)::bigint from usage where workspace_id = ${workspaceId}) as used,
      (select count(*)::bigint from turn where workspace_id = ${workspaceId} and state in ('queued', 'running', 'waiting')) as open
    from budget b join budget_period p on p.budget_id = b.id where b.workspace_id = ${workspaceId}`.execute(one.deps.db)
  return rows[0]!
}

test('64 turns at once against one small budget: never past the limit, exact to the nano-dollar at the end', async () => {
  const [alice] = await one.people('alice')
  const { workspaceId } = alice
  const limit = 150_000_000n
  await alice.get('workspaces.setBudget', { workspaceId, limitNanoUsd: String(limit), period: 'month' })
  const ids = await conversationsOf(alice, workspaceId, 64)
  const clients = await onBoth(alice)

  let isOver = false
  const seen: bigint[] = []
  const watching = (async () => {
    while (!isOver) {
      const { spent, reserved } = await sumsOf(workspaceId)
      seen.push(spent + reserved)
      await pause(5)
    }
  })()
  let accepted = 0
  // Round after round, until nothing more fits.
  for (let round = 0; round < 10; round++) {
    const answers = await Promise.all(ids.map((id, index) => clients[index % 2]!.call('turns.start', { id, text: paid })))
    for (const answer of answers) if (!answer.ok) expect(answer).toFailWith('budget.exhausted')
    const taken = answers.filter((answer) => answer.ok).length
    accepted += taken
    await eventually(
      () => sumsOf(workspaceId),
      ({ open }) => open === 0n,
    )
    if (taken === 0) break
  }
  isOver = true
  await watching

  expect(accepted).toBeGreaterThan(10)
  expect(seen.filter((sum) => sum > limit)).toEqual([])
  const { spent, reserved, used } = await sumsOf(workspaceId)
  expect({ spent, reserved }).toEqual({ spent: used, reserved: 0n })
  // Every turn that was let in was paid, and the last one that did not fit would have gone past the limit.
  expect(spent).toBe(BigInt(accepted) * (20n * 2_500n + 900n * 10_000n))
  const { rows } = await alice.get('usage.list', { workspaceId, limit: 100 })
  expect(rows.reduce((sum, { costNanoUsd }) => sum + BigInt(costNanoUsd!), 0n)).toBe(spent)
  expect(rows).toHaveLength(accepted)
}, 90_000)

test('batches that name two workspaces in opposite order do not wait for each other', async () => {
  const [alice, bob] = await one.people('alice', 'bob')
  await one.addMember(bob.workspaceId, alice, 'Super User')
  await one.addMember(alice.workspaceId, bob, 'Super User')
  const workspaces = [alice.workspaceId, bob.workspaceId]
  for (const workspaceId of workspaces) {
    const owner = workspaceId === alice.workspaceId ? alice : bob
    await owner.get('workspaces.setBudget', { workspaceId, limitNanoUsd: '900000000000000', period: 'month' })
  }
  const clients = [...(await onBoth(alice)), ...(await onBoth(bob))]
  const owned: string[][][] = []
  for (const person of [alice, bob]) owned.push(await Promise.all(workspaces.map((workspaceId) => conversationsOf(person, workspaceId, 8))))

  for (let round = 0; round < 4; round++) {
    const starts = clients.flatMap((client, index) => {
      const [mine, theirs] = owned[index < 2 ? 0 : 1]!
      const inOrder = mine!.flatMap((id, position) => [id, theirs![position]!])
      // The second process is asked in the opposite order.
      return (index % 2 === 0 ? inOrder : inOrder.toReversed()).map((id) => client.call('turns.start', { id, text: paid }))
    })
    for (const answer of await Promise.all(starts)) expect(answer).toSucceed()
  }
  for (const workspaceId of workspaces) {
    const { spent, reserved, used } = await eventually(
      () => sumsOf(workspaceId),
      ({ open }) => open === 0n,
      60_000,
    )
    expect({ spent, reserved }).toEqual({ spent: used, reserved: 0n })
  }
  const { rows } = await sql<{ deadlocks: bigint }>`select deadlocks from pg_stat_database where datname = current_database()`.execute(
    one.deps.db,
  )
  expect(rows[0]!.deadlocks).toBe(0n)
}, 120_000)

test('one key sent to both processes at once is one turn; with another payload only one of them is taken', async () => {
  const [alice] = await one.people('alice')
  const clients = await onBoth(alice)
  const [first, second] = (await conversationsOf(alice, alice.workspaceId, 2)) as [string, string]
  const send = (id: string, text: string, index: number) =>
    clients[index % 2]!.call('turns.start', { id, text, idempotencyKey: `key-of-${id}` })

  const same = await Promise.all(Array.from({ length: 24 }, (_, index) => send(first, 'the same', index)))
  expect(new Set(same.map((answer) => (answer.ok ? answer.value.turnId : answer.problem.code))).size).toBe(1)

  const others = await Promise.all(Array.from({ length: 24 }, (_, index) => send(second, `payload ${index}`, index)))
  const taken = others.filter((answer) => answer.ok)
  expect(taken).toHaveLength(1)
  for (const answer of others.filter(({ ok }) => !ok)) expect(answer).toFailWith('idempotency.mismatch')
  const { messages } = await alice.get('conversations.messages', { id: second })
  expect(messages).toHaveLength(2)
}, 30_000)
