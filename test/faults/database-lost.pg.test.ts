import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { startProviderServer } from '../support/provider-server/index.ts'
import { startPostgres, testPostgres } from '../support/postgres.ts'
import { freePort, startProcess } from '../support/server-process.ts'
import { type Client, startTestApp } from '../support/test-app.ts'
import {
  conversationWith,
  eventsUntil,
  eventually,
  followTurn,
  messagesOf,
  readEvents,
  type SeenEvent,
  scripted,
  startTurn,
  textOf,
  turnIdOf,
} from '../support/turn-client.ts'

const provider = await startProviderServer()
afterAll(() => provider.close())
const openAi = { OPENAI_API_KEY: 'sk-lost-0000', OPENAI_BASE_URL: provider.baseUrl('openai') }

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'parley-lost-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** Goes on where the stream broke, as clients do: a break is fair, a gap is not. */
async function followToEnd(client: Client, response: Response, seen: SeenEvent[] = []): Promise<SeenEvent[]> {
  for (let open = response; ; ) {
    if (open.ok) {
      try {
        for await (const item of readEvents(open)) seen.push(item)
      } catch {
        // Cut with the connection.
      }
    }
    if (seen.at(-1)?.event.type === 'turn-ended') return seen
    await pause(100)
    open = await followTurn(client, turnIdOf(seen), seen.at(-1)!.id)
  }
}

function shownBy(events: readonly SeenEvent[]): string {
  return events.reduce((shown, { event }) => {
    if (event.type === 'snapshot') return event.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
    return event.type === 'text-delta' ? shown.slice(0, event.offset) + event.text : shown
  }, '')
}

test('a turn that runs while the database is gone loses nothing and ends', async () => {
  const server = await startPostgres({ fsync: true })
  try {
    await using fresh = await testPostgres('migrated', server)
    await using app = await startTestApp({ database: { url: fresh.url }, env: { ...openAi, LEASE_SECONDS: '10' } })
    await app.app.listing?.firstRound
    const [alice] = await app.people('alice')
    const { workspaceId } = alice
    await alice.get('workspaces.setBudget', { workspaceId, limitNanoUsd: '900000000000', period: 'month' })
    const long = await conversationWith(alice, 'gpt-4o')
    const short = await conversationWith(alice, 'gpt-4o')
    const tool = await conversationWith(alice, 'gpt-4o')
    const toolRounds = [[{ name: 'calculate', arguments: { expression: '6*7' } }]]
    // One is in the middle when the database goes, one ends and one begins its second pass while it is away.
    const responses = await Promise.all([
      startTurn(alice, long, { text: scripted({ tokens: 150, delayMs: 25 }) }),
      startTurn(alice, short, { text: scripted({ tokens: 30, delayMs: 25 }) }),
      startTurn(alice, tool, { text: scripted({ toolRounds, text: 'It is {{results}}', firstDelayMs: 700 }) }),
    ])
    const [ofLong, ofShort, ofTool] = responses.map((response) => followToEnd(alice, response))
    await pause(400)

    await server.kill()
    expect(await alice.call('turns.start', { id: long, text: 'now?' })).toFailWith('database.unavailable')
    await pause(1_500)
    await server.restart()

    for (const [id, events, text] of [
      [long, ofLong, Array.from({ length: 150 }, (_, index) => `w${index + 1}`).join(' ')],
      [short, ofShort, Array.from({ length: 30 }, (_, index) => `w${index + 1}`).join(' ')],
      [tool, ofTool, 'It is 42'],
    ] as const) {
      const seen = (await events)!
      expect(seen.at(-1)!.event).toMatchObject({ type: 'turn-ended', state: 'completed' })
      expect(new Set(seen.map((item) => item.id)).size).toBe(seen.length)
      // What a client was told had ended is in the database as it was told.
      expect(shownBy(seen)).toBe(text)
      expect(textOf((await messagesOf(alice, id)).at(-1))).toBe(text)
    }
    const { total } = await alice.get('usage.list', { workspaceId })
    const { budget } = await alice.get('workspaces.getBudget', { workspaceId })
    expect(total.calls).toBe(4)
    expect(budget).toMatchObject({ spentNanoUsd: total.costNanoUsd, reservedNanoUsd: '0' })
    // It takes new ones as before.
    const again = await alice.get('turns.start', { id: long, text: scripted({ text: 'back' }) })
    await eventually(
      () => alice.get('turns.get', { id: again.turnId }),
      ({ state }) => state === 'completed',
    )
  } finally {
    await server.stop()
  }
}, 60_000)

test('a follower whose stream breaks with the database finds everything when it comes back', async () => {
  const server = await startPostgres({ fsync: true })
  try {
    await using fresh = await testPostgres('migrated', server)
    await using one = await startTestApp({ database: { url: fresh.url }, env: openAi })
    await using two = await one.another()
    await one.app.listing?.firstRound
    const [alice] = await one.people('alice')
    const key = two.withKey((await alice.get('people.createApiKey', { name: 'elsewhere' })).secret)
    const id = await conversationWith(alice, 'gpt-4o')
    const first = await eventsUntil(
      await startTurn(alice, id, { text: scripted({ tokens: 120, delayMs: 25 }) }),
      ({ type }) => type === 'text-delta',
    )
    // Read on the process that does not write the turn: it has only the database.
    const following = followToEnd(key, await followTurn(key, turnIdOf(first)), [first[0]!])
    await pause(200)
    await server.kill()
    await pause(500)
    await server.restart()
    const seen = (await following).slice(1)

    expect(seen.at(-1)!.event).toMatchObject({ state: 'completed' })
    expect(shownBy(seen)).toBe(textOf((await messagesOf(alice, id)).at(-1)))
    expect(new Set(seen.map((item) => item.id)).size).toBe(seen.length)
  } finally {
    await server.stop()
  }
}, 60_000)

test('a server that finds no database waits for it a while', async () => {
  const server = await startPostgres({ fsync: true })
  try {
    await using fresh = await testPostgres('migrated', server)
    await server.kill()
    const port = await freePort()
    const env = {
      DATA_DIR: await folder(),
      DATABASE_URL: fresh.url,
      VAULT_KEYS: `test:${randomBytes(32).toString('base64')}`,
      HOST: '127.0.0.1',
      PORT: String(port),
      OLLAMA_BASE_URL: 'off',
    }
    const starting = startProcess(['src/server/main.ts'], env, `http://127.0.0.1:${port}`, '/ready')
    await pause(2_500)
    await server.restart()
    await using parley = await starting
    expect((await fetch(`${parley.url}/ready`)).status).toBe(200)
  } finally {
    await server.stop()
  }
}, 60_000)
