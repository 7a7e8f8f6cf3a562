import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { purgePrompts } from './index.ts'

const shared = useTestApp()

const create = (person: Person, name: string, content: string, rest: object = {}) =>
  person.get('prompts.create', { workspaceId: person.workspaceId, name, content, ...rest })
const list = async (person: Person, workspaceId: string, rest: object = {}) =>
  (await person.get('prompts.list', { workspaceId, ...rest })).prompts.map(({ name }) => name)
const versionsOf = (id: string) =>
  shared.current.deps.db
    .selectFrom('prompt_version')
    .select(['number', 'content', 'variables'])
    .where('prompt_id', '=', id)
    .orderBy('number')
    .execute()

test('a prompt is kept with the variables of its text, and changed', async () => {
  const [ada] = await shared.current.people('ada')
  const made = await create(ada, ' Explain ', 'Explain {{topic: what}} to {{who = a child | an expert}} on {{date}}.')
  expect(made).toMatchObject({ name: 'Explain', workspaceId: ada.workspaceId, visibility: 'own', isMine: true, version: 1, usedAt: null })
  expect(made.variables).toEqual([
    { name: 'topic', type: 'text', description: 'what', default: null, options: [] },
    { name: 'who', type: 'choice', description: null, default: 'a child', options: ['a child', 'an expert'] },
  ])
  expect(await ada.get('prompts.get', { id: made.id })).toEqual(made)

  const changed = await ada.get('prompts.update', { id: made.id, name: 'Explain it', content: 'Explain {{it}}.' })
  expect(changed).toMatchObject({ id: made.id, name: 'Explain it', content: 'Explain {{it}}.', createdAt: made.createdAt })
  expect(changed.variables.map(({ name }) => name)).toEqual(['it'])
  expect(Date.parse(changed.updatedAt)).toBeGreaterThanOrEqual(Date.parse(made.updatedAt))
  for (const bad of [{ name: ' ' }, { name: 'x'.repeat(101) }, { content: ' \n' }, { content: 'x'.repeat(100_001) }])
    expect(await ada.call('prompts.update', { id: made.id, ...bad })).toFailWith('request.invalid')
})

test('what was used stays as it was: another text is a new version', async () => {
  const [ada] = await shared.current.people('ada')
  const { id } = await create(ada, 'Greet', 'Hello {{a}}')
  await ada.get('prompts.update', { id, content: 'Hello {{b}}' })
  expect((await versionsOf(id)).map(({ number, content }) => [number, content])).toEqual([[1, 'Hello {{b}}']])

  await ada.get('prompts.use', { id, version: 1 })
  expect(await ada.get('prompts.update', { id, name: 'Greeting' })).toMatchObject({ version: 1, isVersionUsed: true })
  expect(await ada.get('prompts.update', { id, content: 'Hello {{c}}' })).toMatchObject({
    version: 2,
    content: 'Hello {{c}}',
    isVersionUsed: false,
  })
  expect(await ada.get('prompts.update', { id, content: 'Hello {{d}}' })).toMatchObject({ version: 2, content: 'Hello {{d}}' })
  // Whoever had the old one on the screen used the old one.
  await ada.get('prompts.use', { id, version: 1 })
  expect(await ada.get('prompts.update', { id, content: 'Hello {{e}}' })).toMatchObject({ version: 2 })
  expect((await versionsOf(id)).map(({ number, content }) => [number, content])).toEqual([
    [1, 'Hello {{b}}'],
    [2, 'Hello {{e}}'],
  ])
  expect(await ada.call('prompts.use', { id, version: 3 })).toFailWith('prompt.not_found')
})

test('the list begins with what was used or made last, is searched, and is read page by page', async () => {
  const [ada] = await shared.current.people('ada')
  const { workspaceId } = ada
  const first = await create(ada, 'One', 'about tides')
  await create(ada, 'Two', '100% sure')
  await create(ada, 'Tide table', 'x')
  await ada.get('prompts.use', { id: first.id, version: 1 })
  expect(await list(ada, workspaceId)).toEqual(['One', 'Tide table', 'Two'])
  expect(await list(ada, workspaceId, { search: 'tide' })).toEqual(['One', 'Tide table'])
  expect(await list(ada, workspaceId, { search: '0%' })).toEqual(['Two'])
  const page = await ada.get('prompts.list', { workspaceId, limit: 2 })
  expect(page.prompts[0]).not.toHaveProperty('content')
  expect(await list(ada, workspaceId, { limit: 2, cursor: page.nextCursor! })).toEqual(['Two'])
  expect(await ada.call('prompts.list', { workspaceId, cursor: 'nonsense' })).toFailWith('request.invalid')
})

test('members of a workspace use what is shared there, and only its owner changes it', async () => {
  const [ada, bea, eve] = await shared.current.people('ada', 'bea', 'eve')
  const { workspaceId } = ada
  await shared.current.addMember(workspaceId, bea, 'User')
  const secret = await create(ada, 'Mine', 'mine')
  const { id } = await create(ada, 'Ours', 'ours', { visibility: 'workspace' })
  expect(await list(bea, workspaceId)).toEqual(['Ours'])
  expect(await bea.get('prompts.get', { id })).toMatchObject({ content: 'ours', isMine: false })
  await bea.get('prompts.use', { id, version: 1 })
  expect(await ada.get('prompts.update', { id, content: 'ours too' })).toMatchObject({ version: 2 })

  expect(await bea.call('prompts.get', { id: secret.id })).toFailWith('prompt.not_found')
  for (const call of ['prompts.delete', 'prompts.restore'] as const) expect(await bea.call(call, { id })).toFailWith('prompt.not_found')
  expect(await bea.call('prompts.update', { id, content: 'hers' })).toFailWith('prompt.not_found')
  expect(await eve.call('prompts.get', { id })).toFailWith('prompt.not_found')
  expect(await eve.call('prompts.list', { workspaceId })).toFailWith('workspace.not_found')

  await ada.get('prompts.update', { id, visibility: 'own' })
  expect(await list(bea, workspaceId)).toEqual([])
  const told = await shared.current.deps.db
    .selectFrom('user_event')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('stream_id', '=', bea.id)
    .where(sql<boolean>`event ->> 'type' = 'prompts-changed'`)
    .executeTakeFirstOrThrow()
  // Made, changed, and taken back.
  expect(told.count).toBe(3)
})

test('every version is read again, and brought back as a new one', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  await shared.current.addMember(ada.workspaceId, bea, 'User')
  const { id, versionId } = await create(ada, 'Grow', 'one {{n (number)}}')
  for (const content of ['two', 'three', 'four']) {
    const { version } = await ada.get('prompts.get', { id })
    await ada.get('prompts.use', { id, version })
    await ada.get('prompts.update', { id, content })
  }
  const { versions } = await ada.get('prompts.listVersions', { id })
  expect(versions.map(({ number, preview, usedAt }) => [number, preview, usedAt !== null])).toEqual([
    [4, 'four', false],
    [3, 'three', true],
    [2, 'two', true],
    [1, 'one {{n (number)}}', true],
  ])
  const page = await ada.get('prompts.listVersions', { id, limit: 3 })
  expect(page.nextCursor).toBe('2')
  expect((await ada.get('prompts.listVersions', { id, limit: 3, cursor: page.nextCursor! })).versions.map((one) => one.number)).toEqual([1])
  expect(await ada.get('prompts.getVersion', { versionId })).toMatchObject({
    promptId: id,
    content: 'one {{n (number)}}',
    variables: [{ name: 'n', type: 'number' }],
  })

  // The newest was never used, and is kept all the same.
  expect(await ada.get('prompts.restoreVersion', { versionId })).toMatchObject({ version: 5, content: 'one {{n (number)}}' })
  expect(await ada.get('prompts.restoreVersion', { versionId })).toMatchObject({ version: 5 })
  expect((await versionsOf(id)).map(({ content }) => content)).toEqual(['one {{n (number)}}', 'two', 'three', 'four', 'one {{n (number)}}'])

  // What was written before it was shared is nobody else's.
  const shown = await ada.get('prompts.update', { id, visibility: 'workspace' })
  expect((await bea.get('prompts.listVersions', { id })).versions.map(({ number }) => number)).toEqual([5])
  expect(await bea.get('prompts.getVersion', { versionId: shown.versionId })).toMatchObject({ number: 5 })
  for (const call of ['prompts.getVersion', 'prompts.restoreVersion'] as const)
    expect(await bea.call(call, { versionId })).toFailWith('prompt-version.not_found')
  expect(await bea.call('prompts.restoreVersion', { versionId: shown.versionId })).toFailWith('prompt-version.not_found')
})

test('a deleted prompt is gone, comes back with its versions, and goes for good after 30 days', async () => {
  const [ada] = await shared.current.people('ada')
  const { id } = await create(ada, 'Gone', 'one')
  await ada.get('prompts.use', { id, version: 1 })
  await ada.get('prompts.update', { id, content: 'two' })
  await ada.get('prompts.delete', { id })
  expect(await list(ada, ada.workspaceId)).toEqual([])
  for (const name of ['prompts.get', 'prompts.delete'] as const) expect(await ada.call(name, { id })).toFailWith('prompt.not_found')
  expect(await ada.call('prompts.update', { id, name: 'x' })).toFailWith('prompt.not_found')
  expect(await ada.call('prompts.use', { id, version: 1 })).toFailWith('prompt.not_found')

  expect(await ada.get('prompts.restore', { id })).toMatchObject({ id, content: 'two', version: 2 })
  expect(await ada.get('prompts.restore', { id })).toMatchObject({ id })

  await ada.get('prompts.delete', { id })
  const { db } = shared.current.deps
  await db.updateTable('prompt').set({ deleted_at: sql`now() - interval '29 days'` }).where('id', '=', id).execute()
  await purgePrompts(db)
  expect(await versionsOf(id)).toHaveLength(2)
  await db.updateTable('prompt').set({ deleted_at: sql`now() - interval '31 days'` }).where('id', '=', id).execute()
  await purgePrompts(db)
  expect(await versionsOf(id)).toEqual([])
  expect(await ada.call('prompts.restore', { id })).toFailWith('prompt.not_found')
})

test('two who change and use it at once leave no version that says two things', async () => {
  const [ada] = await shared.current.people('ada')
  const { id } = await create(ada, 'Race', 'start')
  await Promise.all([
    ...Array.from({ length: 6 }, (_, at) => ada.get('prompts.update', { id, content: `text ${at}` })),
    ...Array.from({ length: 3 }, () => ada.get('prompts.use', { id, version: 1 })),
  ])
  const versions = await versionsOf(id)
  expect(versions.map(({ number }) => number)).toEqual(versions.map((_, index) => index + 1))
  expect((await ada.get('prompts.get', { id })).version).toBe(versions.length)
})
