import { mkdir, readdir, readFile, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { chatGptConversation, chatGptMessage, importFile, upload, zipOf } from '../../../../test/support/archive.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { eventually } from '../../../../test/support/turn-client.ts'
import { createImports } from './create-imports.ts'

const shared = useTestApp()

const messagesOf = async (person: Person, id: string) => (await person.get('conversations.messages', { id, limit: 100 })).messages
const listOf = async (person: Person) =>
  (await person.get('conversations.list', { workspaceId: person.workspaceId, limit: 100 })).conversations
const textsOf = async (person: Person, id: string) =>
  (await messagesOf(person, id)).map(({ parts }) => parts.map((part) => ('text' in part ? part.text : part.type)).join('|'))
const itemsOf = async (person: Person, id: string) => (await person.get('imports.items', { id })).items

test('an export of ChatGPT becomes conversations with their times, models and titles', async () => {
  const [alice] = await shared.current.people('alice')
  const archive = await zipOf({
    'conversations-001.json': JSON.stringify([chatGptConversation('b', 1)]),
    'conversations-000.json': `\ufeff${JSON.stringify([chatGptConversation('a', 2, { title: 'Bread' })])}`,
    'user.json': '{}',
    'file-abc.png': 'x',
  })

  const done = await importFile(alice, archive)

  expect(done).toMatchObject({
    status: 'completed',
    source: 'chatgpt',
    error: null,
    progress: 1,
    messages: 6,
    counts: { imported: 2, failed: 0 },
    notes: { unread_files: 2 },
  })
  const [second] = await listOf(alice)
  expect(second).toMatchObject({ title: 'Bread', updatedAt: new Date(1_700_000_004_000).toISOString(), isAnswering: false })
  const messages = await messagesOf(alice, second!.id)
  expect(messages.map(({ role, authorName, createdAt }) => ({ role, authorName, createdAt }))).toEqual([
    { role: 'user', authorName: 'alice', createdAt: '2023-11-14T22:13:20.000Z' },
    { role: 'assistant', authorName: 'gpt-4o', createdAt: '2023-11-14T22:13:21.000Z' },
    { role: 'user', authorName: 'alice', createdAt: '2023-11-14T22:13:22.000Z' },
    { role: 'assistant', authorName: 'gpt-4o', createdAt: '2023-11-14T22:13:23.000Z' },
  ])
  expect((await itemsOf(alice, done.id)).map(({ position, title }) => ({ position, title }))).toEqual([
    { position: 0, title: 'Bread' },
    { position: 1, title: 'About b' },
  ])
  expect(await alice.get('usage.list', { workspaceId: alice.workspaceId })).toMatchObject({ rows: [] })
})

test('a stopped upload is gone, and what was imported is found and kept from the trash', async () => {
  const [alice] = await shared.current.people('alice')
  const { workspaceId } = alice
  const { id } = await alice.get('imports.create', { workspaceId, fileName: 'a.json', sizeBytes: 10 })
  expect((await alice.get('imports.stop', { id })).status).toBe('stopped')

  await upload(alice, Buffer.from(JSON.stringify([chatGptConversation('saffron', 1)])))
  const { messages } = await eventually(
    () => alice.get('search.messages', { workspaceId, query: 'saffron' }),
    (found) => found.messages.length === 2,
  )
  expect(messages).toHaveLength(2)
  const { rows } = await sql<{ title_state: string }>`select title_state from conversation where owner_id = ${alice.id}`.execute(
    shared.current.deps.db,
  )
  expect(rows).toEqual([{ title_state: 'own' }])
}, 20_000)

test('the same archive twice adds nothing, a longer one what is new', async () => {
  const [alice] = await shared.current.people('alice')
  const short = await zipOf({ 'conversations.json': JSON.stringify([chatGptConversation('x', 1), chatGptConversation('y', 1)]) })
  const long = await zipOf({
    'conversations.json': JSON.stringify([chatGptConversation('x', 3), chatGptConversation('y', 1), chatGptConversation('z', 1)]),
  })

  await importFile(alice, short)
  expect((await importFile(alice, short)).counts).toMatchObject({ imported: 0, unchanged: 2 })
  const grown = await importFile(alice, long)

  expect(grown).toMatchObject({ counts: { imported: 1, extended: 1, unchanged: 1 }, messages: 6 })
  const listed = await listOf(alice)
  expect(listed).toHaveLength(3)
  const x = listed.find(({ title }) => title === 'About x')!
  expect(await textsOf(alice, x.id)).toHaveLength(6)
  expect(new Set((await messagesOf(alice, x.id)).map(({ siblingIds }) => siblingIds.length))).toEqual(new Set([1]))
})

test('what was changed here or is in the trash is left alone, and said', async () => {
  const [alice] = await shared.current.people('alice')
  await importFile(alice, JSON.stringify([chatGptConversation('c', 1), chatGptConversation('t', 1), chatGptConversation('e', 1)]))
  const byTitle = async (title: string) => (await listOf(alice)).find((one) => one.title === title)!.id
  const [changed, trashed, emptied] = [await byTitle('About c'), await byTitle('About t'), await byTitle('About e')]
  const messageId = (await messagesOf(alice, changed))[1]!.id
  await alice.get('conversations.deleteBranch', { id: changed, messageId })
  await alice.get('conversations.delete', { id: emptied })
  await alice.get('conversations.emptyTrash', { workspaceId: alice.workspaceId })
  await alice.get('conversations.delete', { id: trashed })

  const again = await importFile(
    alice,
    JSON.stringify([chatGptConversation('c', 2), chatGptConversation('t', 2), chatGptConversation('e', 2)]),
  )

  expect(again.counts).toMatchObject({ skipped: 2, imported: 1 })
  expect((await itemsOf(alice, again.id)).map(({ reason }) => reason)).toEqual(['changed_here', 'in_trash', null])
})

test('a tree keeps its versions, and shows the path that was shown', async () => {
  const [alice] = await shared.current.people('alice')
  const conversation = chatGptConversation('v', 1)
  Object.assign(conversation.mapping['v-0'] as object, { children: ['v-1', 'v-2'] })
  conversation.mapping['v-2'] = { id: 'v-2', message: chatGptMessage('assistant', 'another', 1_700_000_010), parent: 'v-0', children: [] }

  await importFile(alice, JSON.stringify([conversation]))

  const { id } = (await listOf(alice))[0]!
  const [, answer] = await messagesOf(alice, id)
  expect(answer).toMatchObject({ parts: [{ text: 'assistant 1 of v' }] })
  expect(answer!.siblingIds).toHaveLength(2)
  await alice.get('conversations.switchBranch', { id, messageId: answer!.siblingIds[1]! })
  expect(await textsOf(alice, id)).toEqual(['user 0 of v', 'another'])
})

test('our own file makes the same tree again, once, and never over the original', async () => {
  const [alice, bob] = await shared.current.people('alice', 'bob')
  const source = chatGptConversation('own', 2)
  Object.assign(source.mapping['own-0'] as object, { children: ['own-1', 'own-9'] })
  source.mapping['own-9'] = { id: 'own-9', message: chatGptMessage('assistant', 'nine', 1_700_000_010), parent: 'own-0', children: [] }
  await importFile(alice, JSON.stringify([source]))
  const { id } = (await listOf(alice))[0]!
  await alice.get('conversations.update', { id, tags: ['kept'], isPinned: true })
  const [, rated] = await messagesOf(alice, id)
  await alice.get('conversations.rateMessage', { id, messageId: rated!.id, value: 'like', reason: 'Short.' })
  await alice.get('conversations.updateSettings', { id, temperature: 0.4, systemPrompt: 'Be brief.' })
  const file = await (await alice.fetch(`/api/conversations/${id}/export?format=json`)).text()

  expect((await importFile(alice, file)).counts).toMatchObject({ imported: 0, skipped: 1 })
  expect((await importFile(bob, file)).counts).toMatchObject({ imported: 1 })
  expect((await importFile(bob, file)).counts).toMatchObject({ unchanged: 1 })

  const [copy] = await listOf(bob)
  expect(copy).toMatchObject({ title: 'About own', tags: ['kept'], isPinned: true })
  const again = JSON.parse(await (await bob.fetch(`/api/conversations/${copy!.id}/export`)).text()) as { messages: object[] }
  const first = JSON.parse(file) as { messages: object[] }
  const shapeOf = (tree: { messages: object[] }) => {
    const rows = tree.messages as {
      id: string
      parentId: string | null
      createdAt: string
      parts: object
      feedback: object | null
      model: { name: string } | null
    }[]
    const index = new Map(rows.map((row, at) => [row.id, at]))
    return rows.map(({ parentId, createdAt, parts, feedback, model }) => ({
      parent: parentId && index.get(parentId),
      createdAt,
      parts,
      feedback,
      model,
    }))
  }
  expect(shapeOf(again)).toEqual(shapeOf(first))
  expect(again).toMatchObject({ settings: { temperature: 0.4, systemPrompt: 'Be brief.' } })
})

test('an export of Claude keeps thoughts, tools and attached words', async () => {
  const [alice] = await shared.current.people('alice')
  const conversation = {
    uuid: 'c1',
    name: '',
    created_at: '2025-01-02T03:04:05Z',
    updated_at: '2025-01-02T03:05:05Z',
    chat_messages: [
      {
        uuid: 'm1',
        sender: 'human',
        text: 'Read this',
        content: [{ type: 'text', text: 'Read this' }],
        created_at: '2025-01-02T03:04:05Z',
        attachments: [{ file_name: 'notes.txt', extracted_content: 'Ten eggs' }],
        files: [{ file_name: 'cake.png' }],
        parent_message_uuid: '00000000-0000-4000-8000-000000000000',
      },
      {
        uuid: 'm2',
        sender: 'assistant',
        text: '',
        content: [
          { type: 'thinking', thinking: 'Hm', start_timestamp: '2025-01-02T03:04:06Z', stop_timestamp: '2025-01-02T03:04:08Z' },
          { type: 'tool_use', id: 't1', name: 'web_search', input: { query: 'eggs' } },
          { type: 'tool_result', tool_use_id: 't1', name: 'web_search', content: [{ type: 'text', text: 'found' }], is_error: false },
          { type: 'text', text: 'Eggs.', citations: [{ url: 'https://example.org/eggs', title: 'Eggs' }] },
          { type: 'hologram' },
        ],
        created_at: '2025-01-02T03:04:09Z',
        attachments: [],
        files: [],
        parent_message_uuid: 'm1',
      },
    ],
  }

  const done = await importFile(alice, await zipOf({ 'data/conversations.json': JSON.stringify([conversation]), 'users.json': '[]' }))

  expect(done).toMatchObject({ source: 'claude', counts: { imported: 1 } })
  const [item] = await itemsOf(alice, done.id)
  expect(item!.notes).toEqual({ files_left_out: 1, unknown_content: 1 })
  expect(item!.title).toBe('*notes.txt* ``` Ten eggs ``` *cake.png* Read this')
  const [question, answer] = await messagesOf(alice, item!.conversationId!)
  expect(question!.parts).toEqual([{ type: 'text', step: 0, text: '*notes.txt*\n\n```\nTen eggs\n```\n\n*cake.png*\n\nRead this' }])
  expect(answer!.parts).toEqual([
    { type: 'reasoning', step: 1, text: 'Hm', durationMs: 2000 },
    {
      type: 'tool-call',
      step: 1,
      callId: 't1',
      toolName: 'web_search',
      arguments: { query: 'eggs' },
      state: 'completed',
      result: 'found',
      durationMs: null,
    },
    { type: 'text', step: 2, text: 'Eggs.' },
    { type: 'source', step: 2, url: 'https://example.org/eggs', title: 'Eggs' },
  ])
})

test('what cannot be read is reported conversation by conversation, and the others come', async () => {
  const [alice] = await shared.current.people('alice')
  const cyclic = { ...chatGptConversation('circle', 1) }
  cyclic.mapping = {
    p: { id: 'p', parent: 'q', children: ['q'], message: chatGptMessage('user', 'p', 1) },
    q: { id: 'q', parent: 'p', children: ['p'], message: chatGptMessage('assistant', 'q', 1) },
  }
  const odd = chatGptConversation('odd', 1)
  Object.assign(odd.mapping['odd-1'] as object, { message: chatGptMessage('assistant', 'NUL \0 and half \ud800 a pair', 9e12) })
  const text = `[${JSON.stringify(cyclic)},{"title":"?"},{"mapping": {,}},${JSON.stringify(odd)},{"mapping": {"a"`
  const done = await importFile(alice, text)

  expect(done).toMatchObject({ status: 'completed', counts: { imported: 1, skipped: 1, failed: 3 } })
  expect((await itemsOf(alice, done.id)).map(({ reason, notes }) => ({ reason, notes }))).toEqual([
    { reason: 'no_messages', notes: { circles: 2 } },
    { reason: 'not_understood', notes: {} },
    { reason: 'invalid_json', notes: {} },
    { reason: null, notes: { times_replaced: 1 } },
    { reason: 'truncated', notes: {} },
  ])
  expect((await textsOf(alice, (await listOf(alice))[0]!.id)).at(-1)).toBe('NUL \ufffd and half \ufffd a pair')
})

test.each([
  ['no archive', async () => Buffer.from('%PDF-1.7'), 'import.not_an_archive'],
  ['UTF-16', async () => Buffer.from('\ufeff[{}]', 'utf16le'), 'import.not_an_archive'],
  ['an empty array', async () => Buffer.from('[]'), 'import.nothing_found'],
  ['an empty archive', () => zipOf({}), 'import.nothing_found'],
  ['an archive of something else', () => zipOf({ 'a.txt': 'a', 'conversations.zip': 'PK' }), 'import.nothing_found'],
  [
    'a truncated archive',
    async () => (await zipOf({ 'conversations.json': JSON.stringify([chatGptConversation('x', 50)]) })).subarray(0, 900),
    'import.damaged',
  ],
  ['a bomb', () => zipOf({ 'conversations.json': Buffer.alloc(80 * 1024 ** 2, 0x20) }), 'import.too_much'],
  ['a directory that lies about a size', lying, 'import.damaged'],
  ['an encrypted archive', encrypted, 'import.encrypted'],
])('%s fails as a whole and leaves nothing behind', async (_, make, error) => {
  const [alice] = await shared.current.people('alice')
  const done = await importFile(alice, await make())
  expect(done).toMatchObject({ status: 'failed', error })
  expect(await shared.current.deps.db.selectFrom('conversation').selectAll().where('owner_id', '=', alice.id).execute()).toEqual([])
})

/** Says that a file is smaller than it is. */
async function lying(): Promise<Buffer> {
  const bytes = await zipOf({ 'conversations.json': JSON.stringify([chatGptConversation('x', 50)]) })
  const directory = bytes.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
  bytes.writeUInt32LE(100, directory + 24)
  return bytes
}

async function encrypted(): Promise<Buffer> {
  const bytes = await zipOf({ 'conversations.json': '[]' })
  const directory = bytes.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
  bytes.writeUInt16LE(bytes.readUInt16LE(directory + 8) | 1, directory + 8)
  return bytes
}

test('a very long message is cut off, and a very deep conversation comes whole', async () => {
  const [alice] = await shared.current.people('alice')
  const long = chatGptConversation('long', 1)
  Object.assign(long.mapping['long-0'] as object, { message: chatGptMessage('user', 'a'.repeat(10_000_000), 1_700_000_000) })
  const done = await importFile(alice, JSON.stringify([long, chatGptConversation('deep', 2_500)]))
  expect(done.counts).toMatchObject({ imported: 2 })
  const [first, second] = await itemsOf(alice, done.id)
  expect(first!.notes).toEqual({ texts_cut: 1 })
  expect(second!.messages).toBe(5_000)
  expect(await alice.get('conversations.messages', { id: second!.conversationId!, limit: 1 })).toMatchObject({ pathLength: 5_000 })
}, 60_000)

test('parts of a file come in order, and more than was announced is refused', async () => {
  const [alice] = await shared.current.people('alice')
  const { workspaceId } = alice
  const { id } = await alice.get('imports.create', { workspaceId, fileName: 'a.json', sizeBytes: 10 })
  const put = async (offset: number, text: string) => {
    const answer = await alice.fetch(`/api/imports/${id}/upload/${offset}`, { method: 'PUT', body: text })
    return { status: answer.status, body: (await answer.json()) as { code?: string; receivedBytes?: number } }
  }
  expect(await put(0, '[]   ')).toMatchObject({ status: 200, body: { receivedBytes: 5 } })
  expect(await put(0, '[]   ')).toMatchObject({ status: 409, body: { code: 'import.out_of_step' } })
  expect(await put(5, '      ')).toMatchObject({ status: 413 })
  expect(await put(5, '     ')).toMatchObject({ status: 200, body: { receivedBytes: 10 } })
  const done = await eventually(
    () => alice.get('imports.get', { id }),
    ({ finishedAt }) => finishedAt !== null,
  )
  expect(done.error).toBe('import.nothing_found')
  expect(await alice.call('imports.stop', { id })).toFailWith('import.finished')
  await alice.get('imports.delete', { id })
  expect(await alice.call('imports.get', { id })).toFailWith('import.not_found')
})

test('an import that cannot be worked on holds up nobody, is tried again, and ends', async () => {
  const app = shared.current
  const [alice, bob] = await app.people('alice', 'bob')
  const { id } = await alice.get('imports.create', { workspaceId: alice.workspaceId, fileName: 'a.json', sizeBytes: 10 })
  const stateOf = async () => {
    const { rows } = await sql<{ epoch: number; status: string; waits: boolean }>`
      select epoch, processing_status as status, claimed_until > now() as waits from conversation_import where id = ${id}`.execute(
      app.deps.db,
    )
    return rows[0]!
  }
  // Whatever nobody thought of: here its file is a directory.
  await mkdir(join(app.deps.config.dataDir, 'imports', id), { recursive: true })
  await sql`update conversation_import set processing_status = 'pending' where id = ${id}`.execute(app.deps.db)

  expect(await importFile(bob, JSON.stringify([chatGptConversation('b', 1)]))).toMatchObject({ status: 'completed' })
  const { epoch } = await eventually(stateOf, ({ epoch: tries }) => tries > 0)
  expect(await importFile(bob, JSON.stringify([chatGptConversation('c', 1)]))).toMatchObject({ status: 'completed' })
  expect(await stateOf()).toEqual({ epoch, status: 'processing', waits: true })

  await sql`update conversation_import set claimed_until = now(), epoch = 9 where id = ${id}`.execute(app.deps.db)
  await importFile(bob, JSON.stringify([chatGptConversation('d', 1)]))
  expect(
    await eventually(
      () => alice.get('imports.get', { id }),
      ({ finishedAt }) => finishedAt !== null,
    ),
  ).toMatchObject({
    status: 'failed',
    error: 'internal',
  })
})

test('an upload that nobody goes on with for a day goes while the server runs, one that is slow does not', async () => {
  const { deps } = shared.current
  const [alice] = await shared.current.people('alice')
  const begin = async () => {
    const { id } = await alice.get('imports.create', { workspaceId: alice.workspaceId, fileName: 'a.json', sizeBytes: 10 })
    await alice.fetch(`/api/imports/${id}/upload/0`, { method: 'PUT', body: '[{"a"' })
    return id
  }
  const { dataDir } = deps.config
  const imports = createImports({ ...deps, tell: () => Promise.resolve(() => undefined), dataDir, maxBytes: 100, sweepEveryMs: 50 })
  imports.start()
  try {
    const [left, slow] = [await begin(), await begin()]
    await utimes(join(dataDir, 'imports', left), new Date(0), new Date(0))
    await sql`update conversation_import set created_at = now() - interval '2 days' where owner_id = ${alice.id}`.execute(deps.db)
    const ended = await eventually(
      () => alice.get('imports.get', { id: left }),
      ({ finishedAt }) => finishedAt !== null,
    )
    expect(ended).toMatchObject({ status: 'failed', error: 'import.upload_lost' })
    expect((await alice.get('imports.get', { id: slow })).status).toBe('uploading')
    await eventually(
      () => readdir(join(dataDir, 'imports')),
      (names) => !names.includes(left) && names.includes(slow),
    )
  } finally {
    await imports.close()
  }
})

test('a first part that comes late once more takes nothing from what came since', async () => {
  const { dataDir } = shared.current.deps.config
  const [alice] = await shared.current.people('alice')
  const { id } = await alice.get('imports.create', { workspaceId: alice.workspaceId, fileName: 'a.json', sizeBytes: 12 })
  const put = (offset: number, body: BodyInit) =>
    alice.fetch(`/api/imports/${id}/upload/${offset}`, { method: 'PUT', body, duplex: 'half' } as RequestInit)
  const begun = Promise.withResolvers<void>()
  const goesOn = Promise.withResolvers<void>()
  async function* stalled() {
    yield Buffer.from('[{"')
    begun.resolve()
    await goesOn.promise
    yield Buffer.from('a"')
  }
  const late = put(0, Readable.toWeb(Readable.from(stalled())) as never)
  await begun.promise
  await eventually(
    async () => (await put(0, '[{"a"')).status,
    (status) => status === 200,
  )
  expect((await put(5, ':1},')).status).toBe(200)
  goesOn.resolve()
  expect((await late).status).toBe(409)
  expect(await readFile(join(dataDir, 'imports', id), 'utf8')).toBe('[{"a":1},')
})
