import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { conversationWith, eventually } from '../../../../test/support/turn-client.ts'
import { titleFrom } from './title-conversations.ts'

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({
  env: { EGRESS_ALLOW: '127.0.0.1', OPENAI_API_KEY: 'sk-titles-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), TITLES: 'model' },
})
beforeAll(() => shared.current.app.listing?.firstRound)
beforeEach(() => provider.reset())

const isTitleCall = ({ text }: { text: string }) => text.startsWith('<question>')
const isTitleRequest = ({ body }: { body: unknown }) => JSON.stringify(body).includes('You give a conversation its title')

/** Answers calls for titles with this, and all others as their message says. */
function titledBy(text: string) {
  provider.script((asked) => ({ text: isTitleCall(asked) ? text : 'Tides come from the moon.' }))
}

async function ask(person: Person, text = 'Why are there tides in the sea, and why twice a day of all things?') {
  const id = await conversationWith(person, 'gpt-4o')
  await person.get('turns.start', { id, text })
  return id
}

const until = (person: Person, id: string, title: string) =>
  eventually(
    () => person.get('conversations.get', { id }),
    (conversation) => conversation.title === title,
  )

test('after the first answer the model that gave it gives the title, which is charged to the owner for this conversation', async () => {
  titledBy('**"Tides of the sea."**\nbecause of the moon')
  const [ada] = await shared.current.people('ada')
  const id = await ask(ada)
  await until(ada, id, 'Tides of the sea')

  const { rows } = await eventually(
    () => ada.get('usage.list', { workspaceId: ada.workspaceId, limit: 10 }),
    (page) => page.rows.length === 2,
  )
  expect(rows.map(({ purpose }) => purpose)).toEqual(['title', 'answer'])
  expect(new Set(rows.map(({ modelName }) => modelName)).size).toBe(1)
  const { rows: kept } =
    await sql`select distinct conversation_id, principal_id from usage where workspace_id = ${ada.workspaceId}`.execute(
      shared.current.deps.db,
    )
  expect(kept).toEqual([{ conversation_id: id, principal_id: ada.id }])
  await ada.get('turns.start', { id, text: 'And at the poles?' })
  await eventually(
    () => ada.get('conversations.messages', { id }),
    ({ messages }) => messages.length === 4 && messages.every(({ answer }) => answer === null || answer.state === 'completed'),
  )
  expect(provider.requests.filter(isTitleRequest).length).toBe(1)
})

test('a title that a person gave is left alone', async () => {
  titledBy('Another one')
  const [ada] = await shared.current.people('ada')
  const { id } = await ada.get('conversations.create', { workspaceId: ada.workspaceId, title: 'Mine' })
  const renamed = await conversationWith(ada, 'gpt-4o')
  await ada.get('conversations.update', { id: renamed, title: 'Also mine' })
  for (const one of [id, renamed]) await ada.get('turns.start', { id: one, text: 'hello' })
  const other = await ask(ada)
  await until(ada, other, 'Another one')
  expect((await ada.get('conversations.get', { id })).title).toBe('Mine')
  expect((await ada.get('conversations.get', { id: renamed })).title).toBe('Also mine')
})

test('where the call fails the first line stays, and it is not tried for ever', async () => {
  provider.script((asked) => (isTitleCall(asked) ? { fault: 'bad-request' } : { text: 'ok' }))
  const [ada] = await shared.current.people('ada')
  const id = await ask(ada, 'A first line\nand a second')
  const attempts = async () =>
    (await sql<{ n: number }>`select title_attempts as n from conversation where id = ${id}`.execute(shared.current.deps.db)).rows[0]!.n
  await eventually(attempts, (n) => n === 1)
  expect((await ada.get('conversations.get', { id })).title).toBe('A first line')
})

test.each([
  ['Tides', 'Tides'],
  ['  "Tides of the sea."  ', 'Tides of the sea'],
  ['# Title: **Tides**', 'Tides'],
  ['\n\n„Gezeiten“', 'Gezeiten'],
  ['潮汐。', '潮汐'],
  ['', undefined],
  ['**', undefined],
  [`${'word '.repeat(40)}`, `${'word '.repeat(15).trim()}…`],
])('%j becomes %j', (said, title) => {
  expect(titleFrom(said)).toBe(title)
})
