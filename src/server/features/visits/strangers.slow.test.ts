import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { scripted } from '../../../../test/support/turn-client.ts'
import { addBotPage, admit, VisitClient, wordsOf } from '../../../../test/support/visit-client.ts'
import { limitAttempts } from '../people/index.ts'

// What strangers try who do not mean well, and what happens to those who do.

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({
  env: { EGRESS_ALLOW: '127.0.0.1', OPENAI_API_KEY: 'sk-visits-0000', OPENAI_BASE_URL: provider.baseUrl('openai') },
})

let url: string
beforeAll(async () => {
  await shared.current.app.listing?.firstRound
  url = shared.current.url
})

async function owner(): Promise<Person> {
  const [person] = await shared.current.people('owner')
  return person
}

const open = async (slug: string) => VisitClient.open(url, slug, await admit(url, slug))
const count = async (from: ReturnType<typeof sql>) =>
  (await sql<{ n: number }>`select count(*)::int as n ${from}`.execute(shared.current.deps.db)).rows[0]!.n

const post = (slug: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${url}/@${slug}/chat`, {
    method: 'POST',
    headers: { origin: url, ...headers },
    body: new URLSearchParams(fields),
    redirect: 'manual',
  })

test('a message that is sent again after its visit ended is not said again, opens no visit, and gives no answer of the day back', async () => {
  const { slug, pageId } = await addBotPage(await owner(), { visitorDailyLimit: 1 })
  await using client = await open(slug)
  const [text, key] = [scripted({ text: 'one' }), randomUUID()]
  await client.say(text, key)
  await client.settled(2)
  await client.ask({ type: 'end' })

  expect(await client.say(text, key)).toMatchObject({ type: 'ok' })
  expect(await client.say('another')).toMatchObject({ type: 'error', code: 'visit.limit_reached' })
  const { rows } = await sql<{ answers: number }>`select answers from bot_day where page_id = ${pageId}`.execute(shared.current.deps.db)
  expect(rows).toEqual([{ answers: 1 }])
})

test('two texts under one key at once count as one answer that was used', async () => {
  const { slug, pageId } = await addBotPage(await owner())
  await using client = await open(slug)
  const key = randomUUID()
  await Promise.all([client.say(scripted({ text: 'one' }), key), client.say(scripted({ text: 'two' }), key)])
  await client.settled(2)
  const { rows } = await sql<{ answers: number }>`select answers from bot_day where page_id = ${pageId}`.execute(shared.current.deps.db)
  expect(rows).toEqual([{ answers: 1 }])
})

test.each([
  ['a character that lies across the end of a preview', `${'a'.repeat(199)}😀 hello`],
  ['one that lies across the end of a title', `${'a'.repeat(39)}😀${'b'.repeat(40)}`],
  ['half a character', 'hi \ud83d'],
])('%s is no reason not to be answered', async (_, text) => {
  const { slug } = await addBotPage(await owner())
  await using client = await open(slug)
  expect(await client.say(scripted({ text: `${'a'.repeat(199)}😀 hello` }, text))).toMatchObject({ type: 'ok' })
  const [, answer] = await client.settled(2)
  expect(wordsOf(answer)).toBe(`${'a'.repeat(199)}😀 hello`)
})

test('nor to be kept for a person', async () => {
  const { slug, pageId } = await addBotPage(await owner())
  await using client = await open(slug)
  await client.say(scripted({ text: 'one' }))
  await client.settled(2)
  await sql`update conversation set handled_by = 'person' where id = (select conversation_id from visit where page_id = ${pageId})`.execute(
    shared.current.deps.db,
  )
  expect(await client.say(`${'a'.repeat(199)}😀`)).toMatchObject({ type: 'ok' })
  expect(await client.say('\ud83d')).toMatchObject({ type: 'ok' })
  expect((await client.settled(4)).map(wordsOf).slice(2)).toEqual([`${'a'.repeat(199)}😀`, '\ufffd'])
})

test.each(['%0d%0aset-cookie:a=b', '%00', '%C3%BC', 'a%20b', 'a%2F..', 'x'.repeat(500)])(
  'an address like @%s is nobody’s',
  async (handle) => {
    for (const path of ['', '/chat', '/bot', '/llms.txt', `/go/${randomUUID()}`]) {
      const { status } = await fetch(`${url}/@${handle}${path}`, { redirect: 'manual' })
      expect([path, status]).toEqual([path, 404])
    }
  },
)

test('a page that moves takes along its widgets, its open tabs, its links in what was shown, and its visitors without a script', async () => {
  const person = await owner()
  const { slug, pageId, linkId } = await addBotPage(person)
  const letIn = await admit(url, slug)
  await using client = await VisitClient.open(url, slug, letIn)
  const next = `new-${randomUUID()}`.slice(0, 40)
  await person.get('pages.update', { pageId, slug: next })

  expect((await fetch(`${url}/@${slug}/bot`)).status).toBe(200)
  expect((await fetch(`${url}/@${slug}/go/${linkId}`, { redirect: 'manual' })).headers.get('location')).toBe('https://example.org/news')
  expect(await client.say(scripted({ text: 'still here' }))).toMatchObject({ type: 'ok' })
  expect(wordsOf((await client.settled(2))[1])).toBe('still here')
  await using again = await VisitClient.open(url, slug, await admit(url, slug))
  expect(await again.next('visit')).toMatchObject({ messages: [] })

  const moved = await post(slug, { text: scripted({ text: 'and by the form' }) }, letIn.headers)
  expect(moved.headers.get('location')).toBe(`/@${next}/chat`)
  expect(moved.headers.get('set-cookie')).toContain(`Path=/@${next};`)
  const cookie = moved.headers.get('set-cookie')!.split(';', 1)[0]!
  expect(await (await fetch(`${url}/@${next}/chat`, { headers: { cookie } })).text()).toContain('and by the form')
})

describe('the form', () => {
  test('says once what is sent twice before it is answered', async () => {
    const person = await owner()
    const { slug } = await addBotPage(person)
    const { headers } = await admit(url, slug)
    const text = scripted({ text: 'one two three', delayMs: 700 })
    for (let time = 0; time < 3; time++) expect((await post(slug, { text }, headers)).headers.get('location')).toBe(`/@${slug}/chat`)
    const page = await (await fetch(`${url}/@${slug}/chat`, { headers })).text()
    expect(page).toContain('one two three')
    expect(await count(sql`from turn where workspace_id = ${person.workspaceId}`)).toBe(1)
    await post(slug, { text }, headers)
    expect(await count(sql`from turn where workspace_id = ${person.workspaceId}`)).toBe(2)
  })

  test('takes no text that cannot be kept', async () => {
    const { slug } = await addBotPage(await owner())
    expect((await post(slug, { text: 'a\0b' })).status).toBe(303)
  })
})

describe('a socket', () => {
  test('that is flooded is closed, and does not answer the flood', async () => {
    const { slug } = await addBotPage(await owner())
    await using client = await open(slug)
    for (let index = 0; index < 500; index++) client.send('x')
    expect(await client.closed).toBe(1008)
    expect(client.heard.length).toBeLessThan(60)
  })

  test('is one of a few that a visitor can have', async () => {
    const { slug } = await addBotPage(await owner())
    const letIn = await admit(url, slug)
    await using tabs = new AsyncDisposableStack()
    for (let index = 0; index < 12; index++) tabs.use(await VisitClient.open(url, slug, letIn))
    await expect(VisitClient.open(url, slug, letIn)).rejects.toThrow('refused: 429')
    await using other = await open(slug)
    expect(await other.next('visit')).toMatchObject({ messages: [] })
  })
})

test('where too many come from one address, the form says so on the page, and keeps what was written', async () => {
  const { slug } = await addBotPage(await owner())
  const { db } = shared.current.deps
  await Promise.allSettled(Array.from({ length: 400 }, () => limitAttempts(db, 'new-visitor', '127.0.0.1')))
  const refused = await post(slug, { text: 'Do you ship to <Chile>?' })
  expect(refused.status).toBe(429)
  expect(refused.headers.get('content-type')).toContain('text/html')
  expect(await refused.text()).toContain('Do you ship to &lt;Chile&gt;?')
})
