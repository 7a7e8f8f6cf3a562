import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProviderServer } from '../support/provider-server/index.ts'
import { startReplyReceiver } from '../support/reply-receiver.ts'
import { type Speaker, speakers } from '../support/speakers.ts'
import { type Person, startTestApp, type TestApp } from '../support/test-app.ts'
import { eventually, scripted } from '../support/turn-client.ts'

// Money under contention: two processes, many turns, one small budget. Locks do not contend on the embedded database.

const provider = await startProviderServer()
let one: TestApp
let two: TestApp
const receiver = await startReplyReceiver()
beforeAll(async () => {
  one = await startTestApp({
    database: 'postgres',
    env: { OPENAI_API_KEY: 'sk-ledger-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' },
  })
  two = await one.another()
  await one.app.listing?.firstRound
})
afterAll(async () => {
  await two[Symbol.asyncDispose]()
  await one[Symbol.asyncDispose]()
  await provider.close()
  await receiver[Symbol.asyncDispose]()
})

/** At most 20 tokens in and 900 out of gpt-4o: 9.05 thousandths of a cent; what is held back for it is a little more. */
const paid = scripted({ tokens: 20, delayMs: 3, usage: { input: 20, output: 900 } })

async function modelOf(person: Person): Promise<string> {
  const { models } = await person.get('models.list', { workspaceId: person.workspaceId })
  return models.find(({ internalName }) => internalName === 'gpt-4o')!.id
}

async function open(
  { open: openSpeaker }: (typeof speakers)[number],
  person: Person,
  workspaceId: string,
  conversations: number,
): Promise<Speaker> {
  const modelId = await modelOf(person)
  return openSpeaker({ processes: [one, two], person, workspaceId, modelId, conversations, replyUrl: receiver.url })
}

async function sumsOf(workspaceId: string) {
  const { rows } = await sql<{ spent: bigint; reserved: bigint; used: bigint; open: bigint }>`
    select coalesce(sum(p.spent_nano_usd), 0)::bigint as spent, coalesce(sum(p.reserved_nano_usd), 0)::bigint as reserved,
      (select coalesce(sum(cost_nano_usd), 0)::bigint from usage where workspace_id = ${workspaceId}) as used,
      (select count(*)::bigint from turn where workspace_id = ${workspaceId} and state in ('queued', 'running', 'waiting')) as open
    from budget b join budget_period p on p.budget_id = b.id where b.workspace_id = ${workspaceId}`.execute(one.deps.db)
  return rows[0]!
}

/** Turns and calls are those of whoever spoke, and of nobody else. */
async function expectOwned(workspaceId: string, principalIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select principal_id as id from usage where workspace_id = ${workspaceId} union select actor_id from turn where workspace_id = ${workspaceId}
    union select author_id from message where workspace_id = ${workspaceId} and role = 'user'`.execute(one.deps.db)
  expect(rows.map(({ id }) => id).toSorted()).toEqual(principalIds.toSorted())
}

describe.each(speakers)('of $kind', (kind) => {
  test('64 turns at once against one small budget: never past the limit, exact to the nano-dollar at the end', async () => {
    const [alice] = await one.people('alice')
    const { workspaceId } = alice
    const limit = 150_000_000n
    await alice.get('workspaces.setBudget', { workspaceId, limitNanoUsd: String(limit), period: 'month' })
    const speaker = await open(kind, alice, workspaceId, 64)

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
      const outcomes = await Promise.all(Array.from({ length: 64 }, (_, index) => speaker.say(index, paid, { process: index % 2 })))
      for (const { refusal } of outcomes) if (refusal !== undefined) expect(refusal).toBe('budget.exhausted')
      const taken = outcomes.filter(({ turnId }) => turnId !== undefined).length
      accepted += taken
      await eventually(
        () => sumsOf(workspaceId),
        ({ open: running }) => running === 0n,
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
    await expectOwned(workspaceId, await speaker.principalIds())
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
    const pairs = await Promise.all(
      [alice, bob].map((person) => Promise.all(workspaces.map((workspaceId) => open(kind, person, workspaceId, 8)))),
    )

    for (let round = 0; round < 4; round++) {
      const starts = pairs.flatMap((pair) =>
        [0, 1].flatMap((process) => {
          const inOrder = Array.from({ length: 8 }, (_, index) => pair.map((speaker) => ({ speaker, index }))).flat()
          // The second process is asked in the opposite order.
          return (process === 0 ? inOrder : inOrder.toReversed()).map(({ speaker, index }) => speaker.say(index, paid, { process }))
        }),
      )
      for (const outcome of await Promise.all(starts)) expect(outcome).toEqual({ turnId: expect.any(String) })
    }
    for (const [index, workspaceId] of workspaces.entries()) {
      const { spent, reserved, used } = await eventually(
        () => sumsOf(workspaceId),
        ({ open: running }) => running === 0n,
        60_000,
      )
      expect({ spent, reserved }).toEqual({ spent: used, reserved: 0n })
      await expectOwned(workspaceId, (await Promise.all(pairs.map((pair) => pair[index]!.principalIds()))).flat())
    }
    const { rows } = await sql<{ deadlocks: bigint }>`select deadlocks from pg_stat_database where datname = current_database()`.execute(
      one.deps.db,
    )
    expect(rows[0]!.deadlocks).toBe(0n)
  }, 120_000)

  test('one key sent to both processes at once is one turn; with another payload only one of them is taken', async () => {
    const [alice] = await one.people('alice')
    const speaker = await open(kind, alice, alice.workspaceId, 2)
    const say = (conversation: number, text: string, index: number) =>
      speaker.say(conversation, text, { process: index % 2, key: `key-of-${alice.workspaceId}-${conversation}` })

    const same = await Promise.all(Array.from({ length: 24 }, (_, index) => say(0, 'the same', index)))
    expect(new Set(same.map(({ turnId }) => turnId)).size).toBe(1)
    expect(same[0]!.turnId).toBeDefined()

    // What is not taken is refused, or told what was taken.
    const others = await Promise.all(Array.from({ length: 24 }, (_, index) => say(1, `payload ${index}`, index)))
    expect(new Set(others.flatMap(({ turnId }) => turnId ?? [])).size).toBe(1)
    for (const { refusal } of others) if (refusal !== undefined) expect(refusal).toBe('idempotency.mismatch')
    const { rows } = await sql<{ messages: number; turns: number }>`
      select (select count(*)::int from message where workspace_id = ${alice.workspaceId}) as messages,
        (select count(*)::int from turn where workspace_id = ${alice.workspaceId}) as turns`.execute(one.deps.db)
    expect(rows[0]).toEqual({ messages: 4, turns: 2 })
  }, 30_000)
})
