import { afterAll, beforeAll, expect, test } from 'vitest'
import type { UserEvent } from '../../src/contract/events.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { type Client, type Person, startTestApp, type TestApp } from '../support/test-app.ts'
import { eventually, scripted } from '../support/turn-client.ts'

const provider = await startProviderServer()
let one: TestApp
let two: TestApp
beforeAll(async () => {
  one = await startTestApp({ database: 'postgres', env: { OPENAI_API_KEY: 'sk-events-0000', OPENAI_BASE_URL: provider.baseUrl('openai') } })
  two = await one.another()
  await one.app.listing?.firstRound
})
afterAll(async () => {
  await two[Symbol.asyncDispose]()
  await one[Symbol.asyncDispose]()
  await provider.close()
})

interface Heard {
  id: bigint
  event: UserEvent
}

/** Follows the person's stream into a list, until it is left. */
async function follow(client: Client, after?: bigint): Promise<{ heard: Heard[]; resets: () => number; leave(): Promise<void> }> {
  const left = new AbortController()
  const response = await client.fetch('/api/me/events', {
    signal: left.signal,
    headers: after === undefined ? {} : { 'last-event-id': String(after) },
  })
  expect(response.status).toBe(200)
  const heard: Heard[] = []
  let resets = 0
  const reading = (async () => {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body!) {
      rest += decoder.decode(chunk, { stream: true })
      const frames = rest.split('\n\n')
      rest = frames.pop()!
      for (const frame of frames) {
        const id = /^id: (.+)$/m.exec(frame)?.[1]
        const data = /^data: (.+)$/m.exec(frame)?.[1]
        if (frame.startsWith('event: reset')) resets++
        if (id && data) heard.push({ id: BigInt(id), event: JSON.parse(data) as UserEvent })
      }
    }
  })().catch(() => {})
  return {
    heard,
    resets: () => resets,
    leave: async () => {
      left.abort()
      await reading
    },
  }
}

/** Changes through both processes at once: conversations made, renamed and deleted, and turns. */
async function change(clients: readonly Client[], person: Person, count: number): Promise<void> {
  const { workspaceId } = person
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const [here, there] = [clients[index % 2]!, clients[(index + 1) % 2]!]
      const { id } = await here.get('conversations.create', { workspaceId })
      await there.get('conversations.update', { id, title: `title ${index}` })
      if (index % 3 === 0) await here.get('turns.start', { id, text: scripted({ text: 'an answer' }) })
      else if (index % 3 === 1) await there.get('conversations.delete', { id })
    }),
  )
}

test('followers on two processes hear everything once and in the same order, also those who come back', async () => {
  const [alice, other] = await one.people('alice', 'other')
  const { secret } = await alice.get('people.createApiKey', { name: 'both' })
  const clients = [one.withKey(secret), two.withKey(secret)] as const
  const [here, there, stranger] = await Promise.all([follow(clients[0]), follow(clients[1]), follow(other)])

  await change(clients, alice, 24)
  const early = await follow(clients[1], 0n)
  await eventually(
    async () => early.heard.length,
    (length) => length > 10,
  )
  await early.leave()
  // Whatever happens while somebody is away is there when they are back, on another process.
  const lastSeen = early.heard.at(-1)!.id
  const [back] = await Promise.all([follow(clients[0], lastSeen), change(clients, alice, 24)])
  const finished = () =>
    one.deps.db.selectFrom('turn').select('id').where('actor_id', '=', alice.id).where('state', '!=', 'completed').execute()
  await eventually(finished, (rows) => rows.length === 0)
  const last = (
    await one.deps.db.selectFrom('stream_counter').select('last_seq').where('stream_id', '=', alice.id).executeTakeFirstOrThrow()
  ).last_seq
  for (const { heard } of [here, there, back])
    await eventually(
      async () => heard.at(-1)?.id,
      (id) => id === last,
    )

  expect(there.heard).toEqual(here.heard)
  // Two events can share a position (a turn's change and its conversation's); no position is left out and none comes back.
  const positions = [...new Set(here.heard.map(({ id }) => id))]
  expect(positions).toEqual(Array.from({ length: Number(last) }, (_, index) => BigInt(index + 1)))
  expect(here.heard.map(({ id }) => id)).toEqual(here.heard.map(({ id }) => id).toSorted((a, b) => Number(a - b)))
  expect([...early.heard.filter(({ id }) => id <= lastSeen), ...back.heard]).toEqual(here.heard)
  expect(new Set(here.heard.map((item) => JSON.stringify([String(item.id), item.event.type]))).size).toBe(here.heard.length)
  expect(stranger.heard).toEqual([])
  expect([here, there, early, back].map((follower) => follower.resets())).toEqual([0, 0, 0, 0])
  await Promise.all([here.leave(), there.leave(), back.leave(), stranger.leave()])
}, 60_000)

test('a position that this database never had asks the client to load afresh', async () => {
  const [alice] = await one.people('alice')
  await alice.get('conversations.create', { workspaceId: alice.workspaceId })
  const follower = await follow(alice, 1_000_000n)
  await eventually(
    async () => follower.resets(),
    (resets) => resets === 1,
  )
  await alice.get('conversations.create', { workspaceId: alice.workspaceId })
  await eventually(
    async () => follower.heard.length,
    (length) => length === 1,
  )
  await follower.leave()
})
