import { existsSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { attach, plan, put } from '../../../../test/support/attach.ts'
import { png } from '../../../../test/support/sample-files.ts'
import { type Person, startTestApp, type TestApp, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, eventually, messagesOf, startTurn } from '../../../../test/support/turn-client.ts'
import { createInspector } from '../../platform/documents/index.ts'
import { eraseTemporary, purgeConversations } from '../conversations/index.ts'
import { sweepFiles } from './sweep-files.ts'

const shared = useTestApp()
const inspector = createInspector()
const never = new AbortController().signal
const sweep = ({ deps }: TestApp) => sweepFiles({ ...deps, inspector }, never)

async function keyOf({ deps }: TestApp, attachmentId: string): Promise<string> {
  const { rows } = await sql<{
    key: string
  }>`select f.key from file f join attachment t on t.file_id = f.id where t.id = ${attachmentId}`.execute(deps.db)
  return rows[0]!.key
}
const isOnDisk = ({ deps }: TestApp, key: string) => existsSync(join(deps.config.dataDir, 'files', key))
/** As if so many days had passed. */
async function age({ deps }: TestApp, days: number): Promise<void> {
  await sql`update attachment set updated_at = updated_at - make_interval(days => ${days})`.execute(deps.db)
  await sql`update file set created_at = created_at - make_interval(days => ${days})`.execute(deps.db)
}
async function sent(person: Person, attachmentId: string, options: { isTemporary?: boolean } = {}): Promise<string> {
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId, ...options })
  await allEvents(await startTurn(person, id, { text: 'Look', attachments: [attachmentId] }))
  return id
}

test('a file goes with its conversation, not before the last fork of it', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const file = await attach(ada, 'a.png', png())
  const key = await keyOf(app, file.id)
  const id = await sent(ada, file.id)
  const fork = await ada.get('conversations.fork', { id, messageId: (await messagesOf(ada, id)).at(-1)!.id })
  const purge = async (conversationId: string) => {
    await ada.get('conversations.delete', { id: conversationId as never })
    await sql`update conversation set deleted_at = '-infinity' where id = ${conversationId}`.execute(app.deps.db)
    await purgeConversations(app.deps.db, never)
    await age(app, 1)
    await sweep(app)
  }
  await sweep(app)
  await purge(id)
  expect(isOnDisk(app, key)).toBe(true)
  await purge(fork.id)
  expect(isOnDisk(app, key)).toBe(false)
  expect((await sql`select from file where key = ${key} union all select from dropped_file`.execute(app.deps.db)).rows).toEqual([])
})

test('bytes that arrive after their attachment was deleted do not stay', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const { attachment, upload } = await plan(ada, 'a.txt', 8)
  const key = await keyOf(app, attachment.id)
  const { promise, resolve } = Promise.withResolvers<void>()
  async function* slow() {
    yield Buffer.from('half')
    await promise
    yield Buffer.from('done')
  }
  const answer = ada.fetch(upload.path, {
    method: 'PUT',
    body: Readable.toWeb(Readable.from(slow())) as never,
    duplex: 'half',
  } as RequestInit)
  await eventually(
    () => ada.get('attachments.get', { id: attachment.id }),
    ({ status }) => status === 'uploading',
  )
  await ada.get('attachments.delete', { id: attachment.id })
  await age(app, 1)
  await sweep(app)
  resolve()
  expect((await answer).status).toBe(404)
  expect([isOnDisk(app, key), isOnDisk(app, `${key}.txt`)]).toEqual([false, false])
})

test('what is deleted gives its room back at once, and not what a message still shows', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const [unsent, file] = [await attach(ada, 'a.txt', Buffer.from('Grüße', 'latin1')), await attach(ada, 'b.png', png())]
  const keys = [await keyOf(app, unsent.id), await keyOf(app, file.id)]
  const id = await sent(ada, file.id)
  await ada.get('conversations.fork', { id, messageId: (await messagesOf(ada, id)).at(-1)!.id })
  await ada.get('attachments.delete', { id: unsent.id })
  await ada.get('attachments.delete', { id: file.id })
  expect(keys.flatMap((key) => [isOnDisk(app, key), isOnDisk(app, `${key}.txt`)])).toEqual([false, false, true, false])
  expect((await sql`select from file where key = ${keys[0]} union all select from dropped_file`.execute(app.deps.db)).rows).toEqual([])
})

test('a file goes with a message that is deleted for good', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const file = await attach(ada, 'a.txt', 'gone')
  const key = await keyOf(app, file.id)
  const id = await sent(ada, file.id)
  await ada.get('conversations.deleteBranch', { id: id as never, messageId: (await messagesOf(ada, id))[0]!.id })
  await age(app, 1)
  await sweep(app)
  expect(isOnDisk(app, key)).toBe(true)
  await sql`update message set deleted_at = now() - interval '31 days' where conversation_id = ${id}`.execute(app.deps.db)
  await purgeConversations(app.deps.db, never)
  await sweep(app)
  expect(isOnDisk(app, key)).toBe(false)
})

test('a temporary conversation takes its files along', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const file = await attach(ada, 'a.txt', 'for now')
  const key = await keyOf(app, file.id)
  const id = await sent(ada, file.id, { isTemporary: true })
  await sql`update conversation set expires_at = now() - interval '1 minute' where id = ${id}`.execute(app.deps.db)
  await eraseTemporary({ db: app.deps.db, userStreams: { announce: () => {} }, stopConversation: async () => {} }, never)
  await age(app, 1)
  await sweep(app)
  expect(isOnDisk(app, key)).toBe(false)
})

test('a draft is kept for a week, what was deleted goes soon', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const [draft, deleted] = [await attach(ada, 'a.txt', 'draft'), await attach(ada, 'b.txt', 'deleted')]
  const [draftKey, deletedKey] = [await keyOf(app, draft.id), await keyOf(app, deleted.id)]
  await ada.get('attachments.delete', { id: deleted.id })
  await age(app, 6)
  await sweep(app)
  expect([isOnDisk(app, draftKey), isOnDisk(app, deletedKey)]).toEqual([true, false])
  await age(app, 2)
  await sweep(app)
  expect(isOnDisk(app, draftKey)).toBe(false)
})

test('where a process died between the bytes and the check, another goes on; an upload that never ended fails', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const bytes = png()
  const { attachment } = await plan(ada, 'a.png', bytes.length)
  // As the upload leaves it: the bytes are there, nobody has looked at them.
  const key = await keyOf(app, attachment.id)
  await app.deps.files.put(
    key,
    (async function* () {
      yield bytes
    })(),
    1e6,
  )
  for (const status of ['uploading', 'stored'])
    await sql`update attachment set status = ${status} where id = ${attachment.id}`.execute(app.deps.db)
  const cut = await plan(ada, 'b.png', bytes.length)
  await sql`update attachment set status = 'uploading' where id = ${cut.attachment.id}`.execute(app.deps.db)
  await sweep(app)
  expect(await ada.get('attachments.get', { id: attachment.id })).toMatchObject({ status: 'stored' })
  await sql`update attachment set updated_at = updated_at - interval '2 hours' where id in (${attachment.id}, ${cut.attachment.id})`.execute(
    app.deps.db,
  )
  await sweep(app)
  expect(await ada.get('attachments.get', { id: attachment.id })).toMatchObject({ status: 'ready', kind: 'image' })
  expect(await ada.get('attachments.get', { id: cut.attachment.id })).toMatchObject({ status: 'failed', reason: 'interrupted' })
})

test('an upload that breaks off leaves nothing on the disk', async () => {
  await using app = await startTestApp()
  const [ada] = await app.people('ada')
  const { attachment, upload } = await plan(ada, 'a.txt', 1000)
  const leaving = request(app.url + upload.path, {
    method: 'PUT',
    headers: { cookie: ada.cookie, origin: app.url, 'content-length': '1000' },
  })
  leaving.on('error', () => undefined)
  leaving.write(Buffer.alloc(100))
  await expect.poll(() => ada.get('attachments.get', { id: attachment.id })).toMatchObject({ status: 'uploading' })
  leaving.destroy()
  await expect.poll(() => ada.get('attachments.get', { id: attachment.id })).toMatchObject({ status: 'failed', reason: 'interrupted' })
  expect(readdirSync(join(app.deps.config.dataDir, 'files', 'incoming'))).toEqual([])
  expect((await put(ada, upload.path, 'abc')).status).toBe(409)
})
