import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, messagesOf, startTurn } from '../../../../test/support/turn-client.ts'

const shared = useTestApp()

/** The ids of a conversation and of its answer, by the built-in model. */
async function answered(person: Person) {
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId, title: 'Harbours' })
  await allEvents(await startTurn(person, id, { text: 'hello' }))
  const [question, answer] = await messagesOf(person, id)
  return { id, questionId: question!.id, messageId: answer!.id }
}

const quote = (exact: string, prefix = '', suffix = '') => ({ exact, prefix, suffix })

test('a passage is kept as it was quoted, changed, listed and removed', async () => {
  const [ada] = await shared.current.people('ada')
  const { id, messageId } = await answered(ada)
  const made = await ada.get('highlights.create', {
    id,
    messageId,
    kind: 'code',
    language: 'ts',
    textQuote: quote('const a = 1', 'before ', ' after'),
    start: 7,
    end: 18,
    color: 'blue',
    note: ' why? ',
  })
  expect(made).toMatchObject({
    conversationId: id,
    conversationTitle: 'Harbours',
    messageId,
    depth: 1,
    kind: 'code',
    language: 'ts',
    textQuote: { exact: 'const a = 1', prefix: 'before ', suffix: ' after' },
    start: 7,
    end: 18,
    color: 'blue',
    note: 'why?',
    isPinned: false,
  })
  expect(await ada.get('highlights.update', { id: made.id, note: '', isPinned: true, color: 'pink' })).toMatchObject({
    note: null,
    isPinned: true,
    color: 'pink',
    kind: 'code',
  })
  expect(await ada.get('highlights.listOfConversation', { id })).toMatchObject([{ id: made.id, isPinned: true }])
  await ada.get('highlights.delete', { id: made.id })
  expect(await ada.get('highlights.listOfConversation', { id })).toEqual([])
  expect(await ada.call('highlights.delete', { id: made.id })).toFailWith('highlight.not_found')
})

test('the same passage is one highlight for each person, however its blanks are written', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  const { id, messageId } = await answered(ada)
  const first = await ada.get('highlights.create', { id, messageId, textQuote: quote('two  words', 'a '), note: 'kept' })
  expect(first).toMatchObject({ color: 'yellow', kind: 'text', start: null })
  const again = await ada.get('highlights.create', { id, messageId, textQuote: quote('two\nwords', 'a'), color: 'green' })
  expect(again).toMatchObject({ id: first.id, color: 'green', note: 'kept' })
  // What stands around it makes it another passage.
  const other = await ada.get('highlights.create', { id, messageId, textQuote: quote('two words', 'b ') })
  expect(other.id).not.toBe(first.id)

  await shared.current.addMember(ada.workspaceId, bea, 'User')
  await shared.current.deps.db.updateTable('conversation').set({ visibility: 'workspace' }).where('id', '=', id).execute()
  const beas = await bea.get('highlights.create', { id, messageId, textQuote: quote('two words', 'a ') })
  expect(beas.id).not.toBe(first.id)
  expect((await bea.get('highlights.listOfConversation', { id })).map((one) => one.id)).toEqual([beas.id])
  expect(await bea.call('highlights.update', { id: first.id, note: 'mine' })).toFailWith('highlight.not_found')
  // Who may not read the conversation any more reads nothing of it in highlights either.
  await shared.current.deps.db.updateTable('conversation').set({ visibility: 'private' }).where('id', '=', id).execute()
  expect((await bea.get('highlights.list', { workspaceId: ada.workspaceId })).highlights).toEqual([])
  expect(await bea.call('highlights.update', { id: beas.id, note: 'still?' })).toFailWith('highlight.not_found')
})

test('the list is filtered, searched, and read page by page', async () => {
  const [ada] = await shared.current.people('ada')
  const { workspaceId } = ada
  const { id, messageId } = await answered(ada)
  const make = (exact: string, rest: object = {}) => ada.get('highlights.create', { id, messageId, textQuote: quote(exact), ...rest })
  await make('low tide', { color: 'green' })
  await make('const tide = 1', { kind: 'code' })
  const pinned = await make('100% sure', { note: 'See the TIDE table' })
  await ada.get('highlights.update', { id: pinned.id, isPinned: true })
  const found = async (filter: object) =>
    (await ada.get('highlights.list', { workspaceId, ...filter })).highlights.map(({ textQuote }) => textQuote.exact)
  expect(await found({})).toEqual(['100% sure', 'const tide = 1', 'low tide'])
  expect(await found({ kind: 'code' })).toEqual(['const tide = 1'])
  expect(await found({ color: 'green' })).toEqual(['low tide'])
  expect(await found({ pinned: true })).toEqual(['100% sure'])
  expect(await found({ search: 'tide', kind: 'text' })).toEqual(['100% sure', 'low tide'])
  expect(await found({ search: '0%' })).toEqual(['100% sure'])
  const first = await ada.get('highlights.list', { workspaceId, limit: 2 })
  const second = await ada.get('highlights.list', { workspaceId, limit: 2, cursor: first.nextCursor! })
  expect([first.highlights.length, second.highlights.length, second.nextCursor]).toEqual([2, 1, null])

  await ada.get('conversations.delete', { id })
  expect(await found({})).toEqual([])
  await ada.get('conversations.restore', { id })
  expect((await found({})).length).toBe(3)
})

test('what is no passage of this conversation is refused', async () => {
  const [ada] = await shared.current.people('ada')
  const { id } = await answered(ada)
  const other = await answered(ada)
  const create = (messageId: string, textQuote: object, rest: object = {}) =>
    ada.call('highlights.create', { id, messageId, textQuote: textQuote as never, ...rest })
  expect(await create(other.messageId, quote('x'))).toFailWith('message.not_found')
  const { messageId } = await messagesOf(ada, id).then((messages) => ({ messageId: messages[1]!.id }))
  for (const bad of [quote(''), quote(' \n'), quote('x'.repeat(5001)), quote('x', 'y'.repeat(49)), { exact: 'x' }])
    expect(await create(messageId, bad)).toFailWith('request.invalid')
  expect(await create(messageId, quote('x'), { start: 5, end: 5 })).toFailWith('request.invalid')
  expect(await create(messageId, quote('x'), { color: 'url(evil)' })).toFailWith('request.invalid')
  // Text that is not there is kept: whoever draws the message says that it is gone.
  expect((await create(messageId, quote('words that nobody wrote'))).ok).toBe(true)
})

test('a highlight in a deleted branch is away with it, and comes back with it', async () => {
  const [ada] = await shared.current.people('ada')
  const { id, messageId } = await answered(ada)
  const { id: highlightId } = await ada.get('highlights.create', { id, messageId, textQuote: quote('a passage') })
  const listed = async () => [
    (await ada.get('highlights.list', { workspaceId: ada.workspaceId })).highlights.map((one) => one.id),
    (await ada.get('highlights.listOfConversation', { id })).map((one) => one.id),
  ]
  await ada.get('conversations.deleteBranch', { id, messageId })
  expect(await listed()).toEqual([[], []])
  expect(await ada.call('highlights.update', { id: highlightId, note: 'x' })).toFailWith('highlight.not_found')
  await ada.get('conversations.restoreBranch', { id, messageId })
  expect(await listed()).toEqual([[highlightId], [highlightId]])
})
