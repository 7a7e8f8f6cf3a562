import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, messagesOf, startTurn } from '../../../../test/support/turn-client.ts'

const shared = useTestApp()

/** A question and its answer by the built-in model. */
async function answered(person: Person) {
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId })
  await allEvents(await startTurn(person, id, { text: 'hello' }))
  const [question, answer] = await messagesOf(person, id)
  return { id, question: question!, answer: answer! }
}

test('like and dislike exclude each other, carry a reason, and can be taken back', async () => {
  const [ada] = await shared.current.people('ada')
  const { id, answer } = await answered(ada)
  const feedback = async () => (await messagesOf(ada, id))[1]!.feedback
  expect(await feedback()).toBeNull()

  await ada.get('conversations.rateMessage', { id, messageId: answer.id, value: 'like' })
  expect(await feedback()).toEqual({ value: 'like', reason: null })
  await ada.get('conversations.rateMessage', { id, messageId: answer.id, value: 'dislike', reason: ' wrong year ' })
  expect(await feedback()).toEqual({ value: 'dislike', reason: 'wrong year' })
  // Another value is another opinion: the reason of the old one goes with it.
  await ada.get('conversations.rateMessage', { id, messageId: answer.id, value: 'like' })
  expect(await feedback()).toEqual({ value: 'like', reason: null })
  await ada.get('conversations.rateMessage', { id, messageId: answer.id, value: null })
  expect(await feedback()).toBeNull()
  const rows = await shared.current.deps.db.selectFrom('message_feedback').select('id').where('message_id', '=', answer.id).execute()
  expect(rows).toEqual([])
})

test('everybody has an opinion of their own, and nobody sees that of others', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  const { id, answer } = await answered(ada)
  await shared.current.addMember(ada.workspaceId, bea, 'User')
  await shared.current.deps.db.updateTable('conversation').set({ visibility: 'workspace' }).where('id', '=', id).execute()

  await ada.get('conversations.rateMessage', { id, messageId: answer.id, value: 'like', reason: 'for me' })
  expect((await messagesOf(bea, id))[1]!.feedback).toBeNull()
  await bea.get('conversations.rateMessage', { id, messageId: answer.id, value: 'dislike' })
  expect((await messagesOf(bea, id))[1]!.feedback).toEqual({ value: 'dislike', reason: null })
  expect((await messagesOf(ada, id))[1]!.feedback).toEqual({ value: 'like', reason: 'for me' })
})

test('only an answer of this conversation can be rated', async () => {
  const [ada] = await shared.current.people('ada')
  const { id, question } = await answered(ada)
  const other = await answered(ada)
  const rate = (messageId: string) => ada.call('conversations.rateMessage', { id, messageId, value: 'like' })
  expect(await rate(question.id)).toFailWith('message.not_an_answer')
  expect(await rate(other.answer.id)).toFailWith('message.not_found')
  expect(await ada.call('conversations.rateMessage', { id, messageId: question.id, value: 'both' as never })).toFailWith('request.invalid')
  await ada.get('conversations.delete', { id: other.id })
  expect(await ada.call('conversations.rateMessage', { id: other.id, messageId: other.answer.id, value: 'like' })).toFailWith(
    'conversation.not_found',
  )
})
