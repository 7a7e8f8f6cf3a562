import { afterAll, expect, test } from 'vitest'
import { attach } from '../../../../test/support/attach.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, conversationWith, eventually, messagesOf, scripted, startTurn, textOf } from '../../../../test/support/turn-client.ts'

const provider = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({ env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') } })

async function stage(): Promise<{ alice: Person; conversationId: string }> {
  await shared.current.app.listing?.firstRound
  const [alice] = await shared.current.people('alice')
  return { alice, conversationId: await conversationWith(alice, 'gpt-4o') }
}

/** Lets the model call `run_code`, allows it for good, and gives the answer's words. */
async function answerOf(alice: Person, conversationId: string, calls: object[], more: object = {}): Promise<string> {
  const toolRounds = calls.map((args) => [{ name: 'run_code', arguments: args as never }])
  const done = startTurn(alice, conversationId, { text: scripted({ toolRounds, text: 'It said: {{results}}' }), ...more }).then(allEvents)
  const waiting = await eventually(
    () => messagesOf(alice, conversationId),
    (messages) => messages.at(-1)?.answer?.state === 'waiting',
  )
  const { turnId } = waiting.at(-1)!.answer!
  const [question] = (await alice.get('turns.get', { id: turnId })).waitingFor
  expect(question).toMatchObject({ toolName: 'run_code' })
  await alice.get('turns.decide', { id: turnId, callId: question!.callId, decision: 'always-allow' })
  await done
  return textOf((await messagesOf(alice, conversationId)).at(-1))
}

test('a model runs code once a person allows it, and reads what came of it', async () => {
  const { alice, conversationId } = await stage()
  const words = await answerOf(alice, conversationId, [{ language: 'javascript', code: 'console.log("hi"); 2n ** 70n' }])
  expect(words).toContain('Output:\nhi')
  expect(words).toContain('Value: 1180591620717411303424n')
})

test('code reads the files of its own conversation by their names, and no other', async () => {
  const { alice, conversationId } = await stage()
  const elsewhere = await conversationWith(alice, 'gpt-4o')
  const mine = await attach(alice, 'numbers.txt', '1\n2\n39\n', conversationId)
  const other = await attach(alice, 'secret.txt', 'hidden words', elsewhere)
  await startTurn(alice, elsewhere, { text: 'keep it', attachments: [other.id] }).then(allEvents)
  const words = await answerOf(
    alice,
    conversationId,
    [{ language: 'python', code: 'sum(int(line) for line in open("numbers.txt"))', files: ['numbers.txt'] }],
    { attachments: [mine.id] },
  )
  expect(words).toContain('Value: 42')

  const toolRounds = [[{ name: 'run_code', arguments: { language: 'python', code: 'open("secret.txt").read()', files: ['secret.txt'] } }]]
  await startTurn(alice, conversationId, { text: scripted({ toolRounds, text: 'It said: {{results}}' }) }).then(allEvents)
  expect(textOf((await messagesOf(alice, conversationId)).at(-1))).toContain('No file of this conversation is named')
})

test('what fails is told to the model as it was', async () => {
  const { alice, conversationId } = await stage()
  const words = await answerOf(alice, conversationId, [{ language: 'python', code: 'print("so far")\n1/0' }])
  expect(words).toContain('so far')
  expect(words).toContain('ZeroDivisionError: division by zero')
})
