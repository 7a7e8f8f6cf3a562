import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { conversationWith, eventually, messagesOf } from '../../../../test/support/turn-client.ts'

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({
  env: { EGRESS_ALLOW: '127.0.0.1', OPENAI_API_KEY: 'sk-summaries-0000', OPENAI_BASE_URL: provider.baseUrl('openai') },
})
beforeAll(() => shared.current.app.listing?.firstRound)
beforeEach(() => provider.reset())

const isSummaryCall = ({ text }: { text: string }) => /^<(user|summary of)/.test(text)
const summaryRequests = () =>
  provider.requests.filter(({ body }) => JSON.stringify(body).includes('You write the summary of a conversation'))

/** Every answer says how much it has read. */
function read(inputTokens: number, summary: string) {
  provider.script((asked) =>
    isSummaryCall(asked) ? { text: summary } : { text: `answer to ${asked.text}`, usage: { input: inputTokens, output: 5 } },
  )
}

async function say(person: Person, id: string, text: string) {
  await person.get('turns.start', { id, text })
  await eventually(
    () => messagesOf(person, id),
    (messages) => messages.at(-1)?.answer?.state === 'completed',
  )
}

const settled = () =>
  eventually(
    async () => (await sql<{ n: number }>`select count(*)::int as n from summary_due`.execute(shared.current.deps.db)).rows[0]!.n,
    (n) => n === 0,
  )
const lastPrompt = () => JSON.stringify(provider.requests.filter((request) => !summaryRequests().includes(request)).at(-1)?.body)

async function conversationOf(person: Person, exchanges: number) {
  const id = await conversationWith(person, 'gpt-4o')
  for (let index = 0; index < exchanges; index++) await say(person, id, `question ${index}`)
  return id
}

test('a conversation that passes the threshold is summarised once, and the next call reads the summary and what follows', async () => {
  read(100, 'unused')
  const [ada] = await shared.current.people('ada')
  const id = await conversationOf(ada, 4)
  expect(summaryRequests()).toEqual([])

  read(120_000, 'They spoke of numbers.')
  await say(ada, id, 'question 4')
  await settled()
  expect(summaryRequests()).toHaveLength(1)
  const messages = await messagesOf(ada, id)
  expect(messages.map(({ summary }) => summary)).toEqual([null, null, null, null, null, 'They spoke of numbers.', null, null, null, null])

  read(100, 'unused')
  await say(ada, id, 'question 5')
  expect(lastPrompt()).toContain('They spoke of numbers.')
  expect(lastPrompt()).toContain('question 3')
  expect(lastPrompt()).not.toContain('question 2')
  expect(summaryRequests()).toHaveLength(1)
  const { rows } = await ada.get('usage.list', { workspaceId: ada.workspaceId, limit: 50 })
  expect(rows.filter(({ purpose }) => purpose === 'summary')).toHaveLength(1)
})

test('a branch that leaves above the summary does not read it; a later summary takes the earlier one in', async () => {
  read(100, 'unused')
  const [ada] = await shared.current.people('ada')
  const id = await conversationOf(ada, 4)
  read(120_000, 'The first summary.')
  await say(ada, id, 'question 4')
  await settled()

  read(100, 'unused')
  const [first] = await messagesOf(ada, id)
  const head = (await ada.get('conversations.get', { id })).headId!
  await ada.get('turns.start', { id, text: 'elsewhere', parentId: (await messagesOf(ada, id))[1]!.id })
  await eventually(
    () => messagesOf(ada, id),
    (messages) => messages.at(-1)?.answer?.state === 'completed',
  )
  expect(lastPrompt()).not.toContain('The first summary.')
  expect(lastPrompt()).toContain(first!.parts[0]!.type === 'text' ? first!.parts[0]!.text : '')

  await ada.get('conversations.switchBranch', { id, messageId: head })
  read(120_000, 'The second summary.')
  for (const index of [5, 6]) await say(ada, id, `question ${index}`)
  await settled()
  expect(JSON.stringify(summaryRequests().map(({ body }) => body))).toContain('The first summary.')
  read(100, 'unused')
  await say(ada, id, 'question 7')
  expect(lastPrompt()).toContain('The second summary.')
  expect(lastPrompt()).not.toContain('The first summary.')
})

test('a race of two turns makes one summary, and one that fails is given up after some tries', async () => {
  read(100, 'unused')
  const [ada] = await shared.current.people('ada')
  const id = await conversationOf(ada, 4)
  read(120_000, 'One.')
  await Promise.all(['a', 'b'].map((text) => ada.get('turns.start', { id, text })))
  await eventually(
    () => messagesOf(ada, id),
    (messages) => messages.length === 12 && messages.every(({ answer }) => !answer || answer.state === 'completed'),
  )
  await settled()
  const made = (await messagesOf(ada, id)).filter(({ summary }) => summary !== null)
  expect(made.length).toBeGreaterThanOrEqual(1)
  expect(summaryRequests().length).toBe(made.length)

  read(100, 'unused')
  const other = await conversationOf(ada, 4)
  provider.script((asked) => (isSummaryCall(asked) ? { fault: 'bad-request' } : { text: 'ok', usage: { input: 120_000, output: 1 } }))
  await say(ada, other, 'too long')
  const attempts = async () =>
    (await sql<{ attempts: number }>`select attempts from summary_due where conversation_id = ${other}`.execute(shared.current.deps.db))
      .rows[0]?.attempts
  await eventually(attempts, (n) => n === 1)
  expect((await messagesOf(ada, other)).every(({ summary }) => summary === null)).toBe(true)
})
