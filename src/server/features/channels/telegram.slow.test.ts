import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { startTelegramServer } from '../../../../test/support/telegram-server.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { eventually, messagesOf, scripted, textOf } from '../../../../test/support/turn-client.ts'
import { createLogger } from '../../platform/telemetry/index.ts'

const botToken = '123456:a-token-of-a-bot-that-is-secret'
const provider = await startProviderServer()
const telegram = await startTelegramServer(botToken)
afterAll(async () => {
  await provider.close()
  await telegram[Symbol.asyncDispose]()
})

const lines: string[] = []
const shared = useTestApp({
  log: createLogger({ level: 'debug', format: 'json' }, { write: (line) => lines.push(line) }),
  env: {
    OPENAI_API_KEY: 'sk-test-0000',
    OPENAI_BASE_URL: provider.baseUrl('openai'),
    EGRESS_ALLOW: '127.0.0.1',
    PUBLIC_URL: 'https://parley.example',
  },
})

let alice: Person
let installationId: string
let updates = 0
let chats = 500
let chatId: number
beforeEach(async () => {
  await shared.current.app.listing?.firstRound
  ;[alice] = await shared.current.people('alice')
  const { models } = await alice.get('models.list', { workspaceId: alice.workspaceId })
  const agent = await alice.get('agents.create', {
    workspaceId: alice.workspaceId,
    name: 'Front desk',
    modelId: models.find(({ internalName }) => internalName === 'gpt-4o')!.id,
  })
  const { installation } = await alice.get('installations.create', {
    workspaceId: alice.workspaceId,
    name: 'A bot',
    settings: { platform: 'telegram', botToken, apiUrl: telegram.url },
    agentId: agent.id,
  })
  installationId = installation.id
  chatId = ++chats
})

interface Sent {
  text?: string
  chat?: object
  from?: object
  [more: string]: unknown
}

function post(message: Sent | undefined, secretToken = telegram.webhook!.secretToken, updateId = ++updates): Promise<Response> {
  const body = {
    update_id: updateId,
    ...(message && {
      message: {
        message_id: updateId,
        date: 1_800_000_000,
        chat: { id: chatId, type: 'private', first_name: 'Ada' },
        from: { id: 77, is_bot: false, first_name: 'Ada', last_name: 'L.', username: 'ada', language_code: 'de' },
        ...message,
      },
    }),
  }
  return fetch(`${shared.current.url}${new URL(telegram.webhook!.url).pathname}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secretToken },
    body: JSON.stringify(body),
  })
}

const sentHere = () => telegram.sent.filter((message) => message.chatId === String(chatId))
const untilSent = (count: number) =>
  eventually(
    async () => sentHere(),
    (list) => list.length >= count,
  )
const inbox = () => alice.get('inbox.list', { workspaceId: alice.workspaceId })

test('an installation tells Telegram where to send, and keeps the token to itself', async () => {
  expect(telegram.webhook!.url).toBe(`https://parley.example/hooks/${installationId}`)
  expect(telegram.webhook!.secretToken).toMatch(/^[\w-]{40,}$/)
  const list = JSON.stringify(await alice.get('installations.list', { workspaceId: alice.workspaceId }))
  for (const secret of [botToken, telegram.webhook!.secretToken]) expect(list).not.toContain(secret)

  const refused = await alice.call('installations.create', {
    workspaceId: alice.workspaceId,
    name: 'A bot',
    settings: { platform: 'telegram', botToken: '123456:not-the-token-of-the-bot', apiUrl: telegram.url },
  })
  expect(refused).toFailWith('installation.rejected')

  await alice.get('installations.delete', { id: installationId })
  expect(telegram.webhook).toBeUndefined()
})

describe('a message', () => {
  test('is answered in its chat, in the markdown of Telegram', async () => {
    expect((await post({ text: scripted({ text: 'At **nine** o-clock. See [us](https://example.org/a_b)!' }, 'When?') })).status).toBe(200)
    const [sent] = await untilSent(1)

    expect(sent).toMatchObject({ parseMode: 'MarkdownV2', text: 'At *nine* o\\-clock\\. See [us](https://example.org/a_b)\\!' })
    const [conversation] = await inbox()
    expect(conversation).toMatchObject({ source: 'telegram', contactName: 'Ada L.', handledBy: 'bot' })
    expect(textOf((await messagesOf(alice, conversation!.id))[0])).toContain('When?')
  })

  test('that is long goes in pieces that Telegram takes, after it was asked to wait', async () => {
    const words = Array.from({ length: 1800 }, (_, index) => `w.${index}!`).join(' ')
    provider.script({ text: words }, { times: 1 })
    telegram.refuseNext({ status: 429, description: 'Too Many Requests: retry after 1', retryAfter: 1 })
    await post({ text: 'a long story' })
    await eventually(inbox, ([one]) => one?.delivery?.state === 'sent')

    expect(sentHere().length).toBeGreaterThan(2)
    expect(sentHere().every(({ text }) => text.length <= 4096)).toBe(true)
    const told = sentHere().map(({ text }) => text.replaceAll('\\', ''))
    expect(told.join(' ')).toBe(words)
  })

  test('goes on with the piece that was refused', async () => {
    const words = Array.from({ length: 2000 }, (_, index) => `word${index}`).join(' ')
    provider.script({ text: words }, { times: 1 })
    const untilTaken = eventually(
      async () => sentHere().length,
      (count) => count > 0,
    ).then(() => telegram.refuseNext({ status: 502, description: 'Bad Gateway' }))
    await post({ text: 'tell me' })
    await untilTaken
    await eventually(inbox, ([one]) => one?.delivery?.state === 'sent')

    expect(
      sentHere()
        .map(({ text }) => text)
        .join(' '),
    ).toBe(words)
  })

  test('of which nobody knows whether it arrived is not sent twice, but shown to a person', async () => {
    telegram.breakNext()
    await post({ text: scripted({ text: 'perhaps' }) })
    const [conversation] = await eventually(inbox, ([one]) => one?.delivery?.state === 'failed')

    expect(conversation).toMatchObject({ handledBy: 'person', delivery: { isUncertain: true } })
    expect(sentHere()).toHaveLength(1)
    await alice.get('inbox.retry', { id: conversation!.id })
    await untilSent(2)
  })

  test('that names the bot in a group reaches the model without the name; a bot and an update without a message reach nobody', async () => {
    const group = { chat: { id: chatId, type: 'supergroup', title: 'Team' }, message_thread_id: 9 }
    expect((await post({ text: 'beep', from: { id: 5, is_bot: true, first_name: 'Other' } })).status).toBe(200)
    expect((await post(undefined)).status).toBe(200)
    await post({ ...group, text: `@parley_bot, ${scripted({ text: 'yes' }, 'are you there?')}` })
    await untilSent(1)

    expect(telegram.calls.at(-1)!.payload).toMatchObject({ chat_id: String(chatId), message_thread_id: 9 })
    const asked = JSON.stringify(provider.requests.at(-1)!.body)
    expect(asked).toContain('are you there?')
    expect(asked).not.toContain('@parley_bot')
    expect(asked).not.toContain('Ada')
    expect(await inbox()).toHaveLength(1)
    expect(textOf((await messagesOf(alice, (await inbox())[0]!.id))[0])).toContain('@parley_bot')
  })

  test('without words says what was there', async () => {
    await post({ photo: [{ file_id: 'f', file_unique_id: 'u', width: 1, height: 1 }], caption: scripted({ text: 'nice' }, 'look') })
    await untilSent(1)
    expect(textOf((await messagesOf(alice, (await inbox())[0]!.id))[0])).toMatch(/^\[photo\] look/)
  })
})

test('what is forged, repeated or malformed starts nothing', async () => {
  const { secretToken } = telegram.webhook!
  for (const token of ['', 'wrong', `${secretToken}x`]) expect((await post({ text: 'hello' }, token)).status).toBe(401)
  expect((await post({ text: 'hello', chat: { id: 'no number' } })).status).toBe(400)
  expect(await inbox()).toEqual([])

  const text = scripted({ text: 'once' })
  updates++
  const statuses = await Promise.all(Array.from({ length: 10 }, () => post({ text }, secretToken, updates)))
  expect(statuses.every(({ ok }) => ok)).toBe(true)
  await untilSent(1)
  expect(await messagesOf(alice, (await inbox())[0]!.id)).toHaveLength(2)
})

test('neither token is in a log', () => {
  const log = lines.join('')
  expect(log).toContain('/hooks/{id}')
  for (const secret of [botToken, 'a-token-of-a-bot', telegram.webhook!.secretToken]) expect(log).not.toContain(secret)
})
