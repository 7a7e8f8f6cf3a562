import { sql } from 'kysely'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, eventsUntil, eventually, messagesOf, scripted, startTurn } from '../../../../test/support/turn-client.ts'
import { eraseTemporary } from './index.ts'

const provider: ProviderServer = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({ env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') } })

let alice: Person
beforeEach(async () => {
  await shared.current.app.listing?.firstRound
  ;[alice] = await shared.current.people('alice')
})

async function begin(text: string, rest: object = {}) {
  const { workspaceId } = alice
  const { models } = await alice.get('models.list', { workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  const conversation = await alice.get('conversations.create', { workspaceId, modelId, isTemporary: true, ...rest })
  const response = await startTurn(alice, conversation.id, { text })
  return { ...conversation, response }
}
const listed = async () =>
  (await alice.get('conversations.list', { workspaceId: alice.workspaceId, search: '' })).conversations.map(({ id }) => id)
const expire = (id: string) =>
  sql`update conversation set expires_at = now() - interval '1 minute' where id = ${id}`.execute(shared.current.deps.db)
/** As the job does it; what runs is asked to stop by its row, as another process would. */
async function erase() {
  const { db } = shared.current.deps
  const told: string[] = []
  const stopConversation = async (id: string) => {
    await sql`update turn set stop_requested_at = now() where conversation_id = ${id} and state = 'running'`.execute(db)
  }
  await eraseTemporary({ db, userStreams: { announce: (ids) => void told.push(...ids) }, stopConversation }, AbortSignal.timeout(10_000))
  return told
}
const rowsOf = async (id: string) =>
  (
    await sql<{ messages: number; turns: number; usage: number }>`
      select (select count(*)::int from message where conversation_id = ${id}) as messages,
        (select count(*)::int from turn where conversation_id = ${id}) as turns,
        (select count(*)::int from usage where conversation_id = ${id}) as usage`.execute(shared.current.deps.db)
  ).rows[0]

test('is in no list, says when it ends, and is kept on request', async () => {
  const { id, expiresAt, response } = await begin('hello')
  await allEvents(response)
  expect(Date.parse(expiresAt!) - Date.now()).toBeGreaterThan(23.9 * 3_600_000)
  expect(await listed()).not.toContain(id)

  const kept = await alice.get('conversations.update', { id, isTemporary: false })

  expect(kept.expiresAt).toBeNull()
  expect(await listed()).toContain(id)
})

test('is erased when its time is over, with what it was asked, not what it cost', async () => {
  const { id, response } = await begin('hello')
  await allEvents(response)
  const young = await begin('hello')
  await allEvents(young.response)
  const kept = await begin('hello')
  await allEvents(kept.response)
  await alice.get('conversations.update', { id: kept.id, isTemporary: false })
  await expire(id)

  expect(await erase()).toEqual([alice.id])

  expect(await alice.call('conversations.get', { id })).toFailWith('conversation.not_found')
  expect(await alice.call('conversations.restore', { id })).toFailWith('conversation.not_found')
  expect(await rowsOf(id)).toEqual({ messages: 0, turns: 0, usage: 1 })
  for (const other of [young, kept]) expect(await messagesOf(alice, other.id)).toHaveLength(2)
})

test('what runs in it is stopped first and gives back what it holds', async () => {
  await alice.get('workspaces.setBudget', { workspaceId: alice.workspaceId, limitNanoUsd: '1000000000000' })
  const { id, response } = await begin(scripted({ tokens: 2000, delayMs: 10 }))
  await eventsUntil(response, (event) => event.type === 'text-delta')
  await expire(id)

  await erase()
  await eventually(
    async () => {
      await erase()
      return rowsOf(id)
    },
    (rows) => rows!.turns === 0,
  )

  expect(await rowsOf(id)).toEqual({ messages: 0, turns: 0, usage: 1 })
  expect((await alice.get('workspaces.getBudget', { workspaceId: alice.workspaceId })).budget).toMatchObject({ reservedNanoUsd: '0' })
})

test('its fork is temporary too', async () => {
  const { id, expiresAt, response } = await begin('hello')
  await allEvents(response)
  const fork = await alice.get('conversations.fork', { id, messageId: (await messagesOf(alice, id))[1]!.id })
  expect(fork.expiresAt).toBe(expiresAt)
})
