import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { eventually, scripted } from '../../../../test/support/turn-client.ts'
import { addBotPage, admit, VisitClient, wordsOf } from '../../../../test/support/visit-client.ts'
import { addConnection } from '../../../../test/authorisation/world.ts'
import type { VisitPart } from '../../../contract/visits.ts'
import { surfaceProblems } from '../../platform/a2ui/index.ts'

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

const open = async (slug: string, origin?: string) => VisitClient.open(url, slug, await admit(url, slug, origin))
const surfaceOf = (parts: readonly VisitPart[]) => {
  const surface = parts.find((part) => part.type === 'surface')
  if (surface?.type !== 'surface') throw new Error(`no surface in ${JSON.stringify(parts)}`)
  return surface
}
const count = async (from: ReturnType<typeof sql>) =>
  (await sql<{ n: number }>`select count(*)::int as n ${from}`.execute(shared.current.deps.db)).rows[0]!.n

test('a visitor asks, the answer is written word by word, and is there when they come back', async () => {
  const { slug } = await addBotPage(await owner())
  const letIn = await admit(url, slug)
  await using client = await VisitClient.open(url, slug, letIn)
  expect(await client.next('visit')).toEqual({ type: 'visit', messages: [], handledBy: 'bot' })

  expect(await client.say(scripted({ text: 'Good morning to you', delayMs: 250 }))).toMatchObject({ type: 'ok' })
  const [asked, answer] = await client.settled(2)

  expect(asked).toMatchObject({ from: 'visitor', isWriting: false })
  expect(answer).toMatchObject({ from: 'bot', parts: [{ type: 'text', text: 'Good morning to you' }] })
  expect(client.heard.filter(({ type }) => type === 'text').length).toBeGreaterThan(0)

  await using again = await VisitClient.open(url, slug, letIn)
  expect((await again.next('visit')).messages).toEqual([asked, answer])
})

test('what one tab says the other one hears, and a key that is sent again says it once', async () => {
  const { slug } = await addBotPage(await owner())
  const letIn = await admit(url, slug)
  await using one = await VisitClient.open(url, slug, letIn)
  await using other = await VisitClient.open(url, slug, letIn)
  const key = randomUUID()
  const text = scripted({ text: 'heard' })

  const said = await Promise.all([one.say(text, key), one.say(text, key), other.say(text, key)])
  await other.settled(2)

  expect(said.every(({ type }) => type === 'ok')).toBe(true)
  expect(other.shown.map(wordsOf)).toEqual([text, 'heard'])
  await one.settled(2)
  expect(one.shown).toEqual(other.shown)
  await one.say(text, key)
  expect((await admitted(letIn, slug)).length).toBe(2)
})

async function admitted(letIn: Awaited<ReturnType<typeof admit>>, slug: string) {
  await using client = await VisitClient.open(url, slug, letIn)
  return (await client.next('visit')).messages
}

test('the agent of a bot answers with its instructions, parameters and tools beside those of the page; one that is gone answers nobody', async () => {
  const person = await owner()
  const { workspaceId } = person
  const { slug, pageId } = await addBotPage(person)
  await using client = await open(slug)
  const ran = async (text: string, messages: number) => {
    await client.say(scripted({ text }))
    await client.settled(messages)
    const row = await shared.current.deps.db
      .selectFrom('turn')
      .innerJoin('settings_snapshot', 'settings_snapshot.id', 'turn.settings_id')
      .select(['settings_snapshot.settings', 'settings_snapshot.system_prompt'])
      .where('turn.workspace_id', '=', workspaceId)
      .orderBy('turn.created_at', 'desc')
      .executeTakeFirstOrThrow()
    return { ...row.settings, systemPrompt: row.system_prompt }
  }
  const plain = await ran('one', 2)
  expect(plain).toMatchObject({ parameters: { temperature: 0.7 }, systemPrompt: expect.stringContaining('on the public page of Ada') })
  expect(plain.tools).not.toContain('calculate')

  const agent = await person.get('agents.create', {
    workspaceId,
    name: 'Sailor',
    instructions: 'Speak like a sailor to {{user}}.',
    parameters: { temperature: 0.25 },
    tools: ['calculate', 'fetch_page'],
  })
  await person.get('bots.update', { pageId, agentId: agent.id })
  const sailing = await ran('two', 4)
  expect(sailing).toMatchObject({ agentId: agent.id, parameters: { temperature: 0.25 } })
  expect(sailing.systemPrompt).toMatch(/on the public page of Ada[^]*Speak like a sailor to a guest\./)
  // Nobody could be asked whether a page may be fetched.
  expect(sailing.tools).toEqual([...plain.tools, 'calculate'])

  await person.get('agents.delete', { id: agent.id })
  expect(await client.say('Ahoy?')).toMatchObject({ type: 'error', code: 'visit.bot_away' })
  expect(await person.get('bots.listUnanswered', { pageId })).toMatchObject([{ question: 'Ahoy?', reason: 'failed' }])
})

describe('surfaces', () => {
  const links = scripted({ toolRounds: [[{ name: 'show_links', arguments: {} }]], text: 'Here they are.' })

  test('a tool of the page answers with a surface that can be drawn, and words for whoever cannot see it', async () => {
    const { slug, linkId } = await addBotPage(await owner())
    await using client = await open(slug)
    await client.say(links)
    const [, answer] = await client.settled(2)

    const surface = surfaceOf(answer!.parts)
    expect(await surfaceProblems(surface.messages)).toEqual([])
    expect(JSON.stringify(surface.messages)).toContain(`/@${slug}/go/${linkId}`)
    expect(surface.fallback).toContain('Newsletter')
    expect(wordsOf(answer)).toBe('Here they are.')
    // What the tool was asked and what it told the model is nobody's business here.
    expect(answer!.parts.map(({ type }) => type)).toEqual(['hidden', 'surface', 'text'])
    expect(JSON.stringify(answer)).not.toContain('show_links')
  })

  test('a button brings an answer without a model, and twice with one key once', async () => {
    const person = await owner()
    const { slug, faqId } = await addBotPage(person, { quickActions: [{ kind: 'tool', label: 'Questions', tool: 'faq' }] })
    await using client = await open(slug)
    expect(await client.ask({ type: 'press', key: randomUUID(), index: 0 })).toMatchObject({ type: 'ok' })
    const [pressed, shown] = await client.settled(2)
    expect(wordsOf(pressed)).toBe('Questions')
    const surface = surfaceOf(shown!.parts)

    const action = { name: 'faq.show', surfaceId: surface.surfaceId, sourceComponentId: 'question-0', timestamp: '', context: { faqId } }
    const act = { type: 'act', key: randomUUID(), messageId: shown!.id, action }
    expect(await client.ask(act)).toMatchObject({ type: 'ok' })
    expect(await client.ask(act)).toMatchObject({ type: 'ok' })
    await client.settled(4)

    expect(client.shown.length).toBe(4)
    expect(wordsOf(client.shown[2])).toBe('Do you ship abroad?')
    expect(surfaceOf(client.shown[3]!.parts).fallback).toContain('Yes, everywhere.')
    expect(await count(sql`from usage where workspace_id = ${person.workspaceId}`)).toBe(0)
    expect(await count(sql`from turn where workspace_id = ${person.workspaceId}`)).toBe(0)

    // The model knows what was shown.
    await client.say(scripted({ text: 'indeed' }))
    await client.settled(6)
    expect(JSON.stringify(provider.requests.at(-1)?.body)).toContain('Yes, everywhere.')
  })

  test('an action counts only as the surface declares it, on a message of this very visit', async () => {
    const { slug, faqId } = await addBotPage(await owner(), { quickActions: [{ kind: 'tool', label: 'Questions', tool: 'faq' }] })
    await using client = await open(slug)
    await client.ask({ type: 'press', key: randomUUID(), index: 0 })
    const [, shown] = await client.settled(2)
    const { surfaceId } = surfaceOf(shown!.parts)
    const good = { name: 'faq.show', surfaceId, sourceComponentId: 'question-0', timestamp: '', context: { faqId } }
    const act = (change: object, messageId: string = shown!.id) =>
      client.ask({ type: 'act', key: randomUUID(), messageId, action: { ...good, ...change } })

    for (const change of [
      { name: 'faq.delete' },
      { surfaceId: randomUUID() },
      { sourceComponentId: 'words-0' },
      { sourceComponentId: 'root' },
      { context: {} },
      { context: { faqId: randomUUID() } },
      { context: { faqId, pageId: randomUUID() } },
      { context: { faqId, __proto__: null, constructor: 'x' } },
    ])
      expect(await act(change), JSON.stringify(change)).toMatchObject({ type: 'error', code: 'surface.action_invalid' })
    expect(await act({ more: 1 })).toMatchObject({ type: 'error', code: 'request.invalid' })

    await using stranger = await open(slug)
    await stranger.ask({ type: 'press', key: randomUUID(), index: 0 })
    const [, theirs] = await stranger.settled(2)
    const answer = await act({ surfaceId: surfaceOf(theirs!.parts).surfaceId }, theirs!.id)
    expect(answer).toMatchObject({ type: 'error', code: 'message.not_found' })
    expect(await act({}, randomUUID())).toMatchObject({ code: 'message.not_found' })
    expect((await client.settled(2)).length).toBe(2)
  })

  test('a tool that the bot was not given does nothing, whatever a model asks for', async () => {
    const { slug } = await addBotPage(await owner(), { enabledTools: ['faq'] })
    await using client = await open(slug)
    for (const name of ['show_links', 'fetch_page', 'calculate']) {
      await client.say(
        scripted({ toolRounds: [[{ name, arguments: { url: 'http://127.0.0.1/', expression: '1' } }]], text: `tried ${name}` }),
      )
      await client.next('messages', ({ messages }) =>
        messages.some((message) => !message.isWriting && wordsOf(message) === `tried ${name}`),
      )
    }
    expect(client.shown.flatMap(({ parts }) => parts).some(({ type }) => type === 'surface')).toBe(false)
    const { rows } = await sql<{
      state: string
    }>`select distinct k.state from tool_call k join turn t on t.id = k.turn_id join visit v using (conversation_id)
      join page p on p.id = v.page_id where p.slug = ${slug}`.execute(shared.current.deps.db)
    expect(rows).toEqual([{ state: 'denied' }])
  })
})

describe('limits', () => {
  test('a visitor has so many answers a day; buttons stay free, and another visitor has theirs', async () => {
    const { slug } = await addBotPage(await owner(), {
      visitorDailyLimit: 2,
      quickActions: [{ kind: 'tool', label: 'Links', tool: 'links' }],
    })
    await using client = await open(slug)
    await client.say(scripted({ text: 'one' }))
    await client.say(scripted({ text: 'two' }))
    expect(await client.say('three')).toMatchObject({
      type: 'error',
      code: 'visit.limit_reached',
      action: expect.stringContaining('tomorrow'),
    })
    expect(await client.ask({ type: 'press', key: randomUUID(), index: 0 })).toMatchObject({ type: 'ok' })

    await using other = await open(slug)
    expect(await other.say(scripted({ text: 'one' }))).toMatchObject({ type: 'ok' })
  })

  test('a page has so many for all, however many ask at once', async () => {
    const person = await owner()
    const { slug, pageId } = await addBotPage(person, { dailyLimit: 5 })
    const clients = await Promise.all(Array.from({ length: 8 }, () => open(slug)))
    const said = await Promise.all(clients.map((client) => client.say(scripted({ text: 'one' }))))
    expect(said.filter(({ type }) => type === 'ok').length).toBe(5)
    expect((await person.get('bots.get', { pageId })).answersToday).toBe(5)
    for (const client of clients) await client[Symbol.asyncDispose]()
  })

  test('without a budget the visitor is told kindly, nothing is counted, and the owner has the question', async () => {
    const person = await owner()
    const { modelId } = await addConnection(person, provider.baseUrl('compatible'))
    const { slug, pageId } = await addBotPage(person, { modelId })
    await using client = await open(slug)
    // A key of the owner's own is not the workspace's: nobody can be asked.
    const refused = await client.say('How old is the sea?')
    expect(refused).toMatchObject({ type: 'error', code: 'visit.bot_away' })
    expect(JSON.stringify(refused)).not.toMatch(/budget|key|model/i)
    expect((await person.get('bots.get', { pageId })).answersToday).toBe(0)
    expect(await person.get('bots.listUnanswered', { pageId })).toMatchObject([
      { question: 'How old is the sea?', reason: 'failed', timesAsked: 1 },
    ])
  })
})

describe('what the bot does not know', () => {
  test('is listed for the owner, once however often it is asked, and gone when it is dismissed', async () => {
    const person = await owner()
    const { slug, pageId } = await addBotPage(person)
    const note = (question: string) =>
      scripted({ toolRounds: [[{ name: 'note_unanswered', arguments: { question } }]], text: 'I do not know.' })
    await using client = await open(slug)
    await client.say(note('What is your shoe size?'))
    await client.settled(2)
    await client.say(note('what is your SHOE size'))
    await client.settled(4)

    const [listed, ...more] = await person.get('bots.listUnanswered', { pageId })
    expect(more).toEqual([])
    expect(listed).toMatchObject({ question: 'What is your shoe size?', reason: 'unknown', timesAsked: 2 })
    await person.get('bots.dismissUnanswered', { pageId, unansweredId: listed!.id })
    expect(await person.get('bots.listUnanswered', { pageId })).toEqual([])
  })

  test('is listed also where the answer failed, which the visitor is told in kind words', async () => {
    const person = await owner()
    const { slug, pageId } = await addBotPage(person)
    await using client = await open(slug)
    const text = scripted({ fault: 'bad-request' }, 'Why is that?')
    await client.say(text)
    const [, answer] = await client.settled(2)
    expect(wordsOf(answer)).toContain('Sorry')
    expect(await person.get('bots.listUnanswered', { pageId })).toMatchObject([{ question: text, reason: 'failed' }])
  })
})

describe('a visit', () => {
  test('ends when the visitor ends it, and what is said next begins another one', async () => {
    const { slug } = await addBotPage(await owner())
    await using client = await open(slug)
    await client.say(scripted({ text: 'one' }))
    await client.settled(2)
    await client.ask({ type: 'end' })
    await client.next('ended')
    await client.say(scripted({ text: 'two' }))
    const shown = await client.settled(2)
    expect(shown.map(wordsOf).at(-1)).toBe('two')
    expect(JSON.stringify(provider.requests.at(-1)?.body)).not.toContain('"one"')
  })

  test('ends by time', async () => {
    const { slug, pageId } = await addBotPage(await owner())
    const letIn = await admit(url, slug)
    await using client = await VisitClient.open(url, slug, letIn)
    await client.say(scripted({ text: 'one' }))
    await client.settled(2)
    await sql`update visit set last_active_at = now() - interval '31 minutes' where page_id = ${pageId}`.execute(shared.current.deps.db)

    expect(await admitted(letIn, slug)).toEqual([])
    await client.say(scripted({ text: 'two' }))
    await client.next('ended')
    expect((await client.settled(2)).map(wordsOf).at(-1)).toBe('two')
    expect(await count(sql`from visit where page_id = ${pageId} and is_active`)).toBe(1)
  })

  test('can be stopped while it answers', async () => {
    const { slug } = await addBotPage(await owner())
    await using client = await open(slug)
    await client.say(scripted({ text: 'a very long answer '.repeat(200), delayMs: 20 } as never))
    await client.next('text')
    await client.ask({ type: 'stop' })
    const [, answer] = await client.settled(2)
    expect(wordsOf(answer).length).toBeLessThan(3000)
  })
})

describe('who is let in', () => {
  test('nobody where the page or its bot is away', async () => {
    const person = await owner()
    const { slug, pageId } = await addBotPage(person)
    const letIn = await admit(url, slug)
    await using client = await VisitClient.open(url, slug, letIn)
    await client.next('visit')
    await person.get('bots.update', { pageId, isEnabled: false })
    expect(await client.say('hello')).toMatchObject({ type: 'error', code: 'visit.bot_away' })
    await expect(admit(url, slug)).rejects.toThrow('refused: 404')
    await expect(VisitClient.open(url, slug, letIn)).rejects.toThrow('refused: 404')
    await expect(admit(url, 'no-such-page')).rejects.toThrow('refused: 404')
  })

  test('nobody with an id that this server did not issue for this page', async () => {
    const { slug } = await addBotPage(await owner())
    const { slug: other } = await addBotPage(await owner())
    const { headers } = await admit(url, slug)
    const cookie = headers.cookie!
    const [id, signature] = cookie.split('=')[1]!.split('.')
    const { headers: ofOther } = await admit(url, other)
    for (const forged of [
      '',
      `parley_visitor=${id}`,
      `parley_visitor=${randomUUID()}.${signature}`,
      `parley_visitor=${id}.${'A'.repeat(43)}`,
      ofOther.cookie!,
    ])
      await expect(
        VisitClient.open(url, slug, { headers: { origin: url, cookie: forged }, protocols: ['parley'] }),
        forged,
      ).rejects.toThrow('401')
  })

  test('a widget on the sites that the page names, with a token and without a cookie', async () => {
    const site = 'https://shop.example'
    const { slug } = await addBotPage(await owner(), { allowedOrigins: [site] })
    await expect(admit(url, slug, 'https://elsewhere.example')).rejects.toThrow('refused: 403')
    await expect(admit(url, slug, 'null')).rejects.toThrow('refused: 403')
    const letIn = await admit(url, slug, site)
    expect(letIn.headers.cookie).toBeUndefined()

    await using client = await VisitClient.open(url, slug, letIn)
    await client.say(scripted({ text: 'hello there' }))
    expect((await client.settled(2)).map(wordsOf).at(-1)).toBe('hello there')
    const elsewhere = { ...letIn, headers: { origin: 'https://elsewhere.example' } }
    await expect(VisitClient.open(url, slug, elsewhere)).rejects.toThrow('403')

    const card = await fetch(`${url}/@${slug}/bot`, { headers: { origin: site } })
    expect(card.headers.get('access-control-allow-origin')).toBe(site)
    expect(await card.json()).toMatchObject({ displayName: 'Ada', greeting: 'Hello! How can I help?', quickActions: [] })
  })

  test("a visitor's own conversation is nobody's else by any way in", async () => {
    const { slug } = await addBotPage(await owner())
    const [stranger] = await shared.current.people('stranger')
    await using client = await open(slug)
    await client.say(scripted({ text: 'private' }))
    const [asked] = await client.settled(2)
    const { rows } = await sql<{ id: string }>`select conversation_id as id from message where id = ${asked!.id}`.execute(
      shared.current.deps.db,
    )
    expect(await stranger.call('conversations.get', { id: rows[0]!.id })).toFailWith('conversation.not_found')
    expect(await stranger.call('turns.start', { id: rows[0]!.id, text: 'mine' })).toFailWith('conversation.not_found')
  })
})

test('a person takes over from the inbox, answers, and hands back', async () => {
  const person = await owner()
  const { workspaceId } = person
  const { slug } = await addBotPage(person)
  await using client = await open(slug)
  await client.say(scripted({ text: 'from the model' }))
  await client.settled(2)
  const [listed] = await person.get('inbox.list', { workspaceId })
  expect(listed).toMatchObject({ source: 'page', contactName: null, handledBy: 'bot', canAnswer: true })
  const { id } = listed!
  expect(await person.call('inbox.answer', { id, text: 'hello', key: randomUUID() })).toFailWith('inbox.not_taken_over')

  await person.get('inbox.takeOver', { id })
  await client.say('is somebody there?')
  await client.settled(3)
  const key = randomUUID()
  const answers = await Promise.all([1, 2, 3].map(() => person.get('inbox.answer', { id, text: 'Yes, it is me.', key })))
  expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(1)
  const shown = await client.settled(4)
  expect(shown.length).toBe(4)
  expect(shown[3]).toMatchObject({
    from: 'person',
    name: expect.stringContaining('owner'),
    parts: [{ type: 'text', text: 'Yes, it is me.' }],
  })

  await person.get('inbox.handBack', { id })
  await client.say(scripted({ text: 'the model again' }))
  expect(wordsOf((await client.settled(6)).at(-1))).toBe('the model again')
  expect(JSON.stringify(provider.requests.at(-1)?.body)).toContain('Yes, it is me.')

  await person.get('inbox.takeOver', { id })
  await client.ask({ type: 'end' })
  expect(await person.get('inbox.get', { id })).toMatchObject({ canAnswer: false })
  expect(await person.call('inbox.answer', { id, text: 'hello', key: randomUUID() })).toFailWith('inbox.out_of_reach')
})

test('the built-in model finds what is on the page, and notes what is not', async () => {
  const person = await owner()
  const { models } = await person.get('models.list', { workspaceId: person.workspaceId })
  const offline = models.find(({ provider: of, kind }) => of === 'built-in' && kind === 'chat')!
  const { slug, pageId, linkId } = await addBotPage(person, { modelId: offline.id })
  await using client = await open(slug)

  await client.say('Where can I subscribe to the newsletter?')
  expect(JSON.stringify(surfaceOf((await client.settled(2)).at(-1)!.parts))).toContain(linkId)
  await client.say('Do you ship to France?')
  expect(surfaceOf((await client.settled(4)).at(-1)!.parts).fallback).toContain('Yes, everywhere.')
  await client.say('What is the meaning of life?')
  expect(wordsOf((await client.settled(6)).at(-1))).toContain('noted')
  expect(await person.get('bots.listUnanswered', { pageId })).toMatchObject([
    { question: 'What is the meaning of life?', reason: 'unknown' },
  ])
})

test('bad frames are answered, and the connection goes on', async () => {
  const { slug } = await addBotPage(await owner())
  await using client = await open(slug)
  client.send('not json')
  expect(await client.next('error')).toMatchObject({ code: 'request.malformed' })
  expect(await client.ask({ type: 'say', key: 'x', text: 'hello' })).toMatchObject({ code: 'request.invalid' })
  expect(await client.ask({ type: 'say', key: randomUUID(), text: 'x'.repeat(4001) })).toMatchObject({ code: 'request.invalid' })
  expect(await client.ask({ type: 'say', key: randomUUID(), text: 'x', modelId: randomUUID() })).toMatchObject({ code: 'request.invalid' })
  expect(await client.ask({ type: 'press', key: randomUUID(), index: 3 })).toMatchObject({ code: 'surface.action_invalid' })
  expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'pong' })
  expect(
    await eventually(
      async () => client.socket.readyState,
      (state) => state === 1,
    ),
  ).toBe(1)
})

describe('without a script', () => {
  const post = (slug: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${url}/@${slug}/chat`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', origin: 'null', ...headers },
      body: new URLSearchParams(form),
    })
  const cookieOf = (response: Response) => response.headers.get('set-cookie')!.split(';', 1)[0]!

  test('a form says it, and the page that follows has the answer', async () => {
    const { slug } = await addBotPage(await owner())
    const page = await fetch(`${url}/@${slug}`)
    expect(page.headers.get('set-cookie')).toBeNull()
    expect(await page.text()).toContain(`action="/@${slug}/chat"`)

    const said = await post(slug, { text: `<b>who?</b> ${scripted({ text: 'It is **me**. <script>alert(1)</script>' })}` })
    expect([said.status, said.headers.get('location')]).toEqual([303, `/@${slug}/chat`])
    expect(said.headers.get('set-cookie')).toMatch(new RegExp(`^parley_visitor=.+; Max-Age=\\d+; Path=/@${slug}; HttpOnly; SameSite=Lax$`))
    const shown = await fetch(`${url}/@${slug}/chat`, { headers: { cookie: cookieOf(said) } })
    expect(shown.headers.get('cache-control')).toBe('no-store')
    const html = await shown.text()
    expect(html).toContain('It is <strong>me</strong>.')
    expect(html).toContain('&lt;b&gt;who?&lt;/b&gt;')
    expect(html).not.toContain('<script>alert')
  })

  test('a button shows links that lead somewhere', async () => {
    const { slug, linkId } = await addBotPage(await owner(), { quickActions: [{ kind: 'tool', label: 'Links', tool: 'links' }] })
    const pressed = await post(slug, { text: 'half a thought', action: '0' })
    const html = await (await fetch(`${url}/@${slug}/chat`, { headers: { cookie: cookieOf(pressed) } })).text()
    expect(html).toMatch(new RegExp(`<a href="[^"]+/@${slug}/go/${linkId}"`))
  })

  test('over the limit the page says so kindly and keeps what was written', async () => {
    const { slug } = await addBotPage(await owner(), { visitorDailyLimit: 0 })
    const refused = await post(slug, { text: 'am I too late?' })
    expect(refused.status).toBe(429)
    const html = await refused.text()
    expect(html).toContain('Please come back tomorrow.')
    expect(html).toContain('am I too late?</textarea>')
  })

  test('no other site sends the form, and a visitor without a conversation is led to the page', async () => {
    const { slug } = await addBotPage(await owner(), { allowedOrigins: ['https://shop.example'] })
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', origin: 'https://shop.example' },
      { 'sec-fetch-site': 'cross-site', origin: 'null' },
      { 'sec-fetch-site': 'same-site', origin: 'https://elsewhere.example' },
    ])
      expect((await post(slug, { text: 'hello' }, headers)).status, JSON.stringify(headers)).toBe(403)
    const lost = await fetch(`${url}/@${slug}/chat`, { redirect: 'manual' })
    expect([lost.status, lost.headers.get('location')]).toEqual([303, `/@${slug}`])
  })
})
