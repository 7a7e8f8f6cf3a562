import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { attach, plan, put } from '../../../../test/support/attach.ts'
import { startTestApp } from '../../../../test/support/test-app.ts'
import { messagesOf } from '../../../../test/support/turn-client.ts'

test('of two messages that claim one file at once, one has it; none of the others is written', { timeout: 60_000 }, async () => {
  await using app = await startTestApp({ database: 'postgres' })
  await using second = await app.another()
  const [ada] = await app.people('ada')
  for (let round = 0; round < 5; round++) {
    const file = await attach(ada, 'a.txt', 'once')
    const ids = await Promise.all(Array.from({ length: 6 }, () => ada.get('conversations.create', { workspaceId: ada.workspaceId })))
    const answers = await Promise.all(
      ids.map(({ id }, index) =>
        fetch(`${(index % 2 ? app : second).url}/api/conversations/${id}/turns`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', cookie: ada.cookie!, origin: (index % 2 ? app : second).url },
          body: JSON.stringify({ text: 'mine', attachments: [file.id] }),
        }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409, 409, 409, 409, 409])
    const winner = ids[answers.findIndex(({ status }) => status === 202)]!.id
    expect(await ada.get('attachments.get', { id: file.id })).toMatchObject({ status: 'attached', conversationId: winner })
    for (const { id } of ids) expect(await messagesOf(ada, id)).toHaveLength(id === winner ? 2 : 0)
  }
})

test('many plans at once do not pass the limit together', { timeout: 60_000 }, async () => {
  await using app = await startTestApp({ database: 'postgres', env: { FILE_LIMIT: '1mb', FILES_PER_PERSON: '3mb' } })
  const [ada] = await app.people('ada')
  const { workspaceId } = ada
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => ada.call('attachments.plan', { workspaceId, name: 'a.txt', sizeBytes: 1024 * 1024 })),
  )
  expect(answers.filter(({ ok }) => ok)).toHaveLength(3)
})

test('of two uploads to one address one is taken', { timeout: 60_000 }, async () => {
  await using app = await startTestApp({ database: 'postgres' })
  const [ada] = await app.people('ada')
  const { upload } = await plan(ada, 'a.txt', 3)
  const statuses = await Promise.all([put(ada, upload.path, 'abc'), put(ada, upload.path, 'xyz')])
  expect(statuses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
})

test('accepts with files in another order do not wait for each other for ever', { timeout: 60_000 }, async () => {
  await using app = await startTestApp({ database: 'postgres' })
  const [ada] = await app.people('ada')
  const { id } = await ada.get('conversations.create', { workspaceId: ada.workspaceId })
  const files = await Promise.all([1, 2, 3].map((number) => attach(ada, `${number}.txt`, `file ${number}`, id)))
  await Promise.all(
    Array.from({ length: 8 }, (_, index) => {
      const attachments = (index % 2 ? files : files.toReversed()).map((file) => file.id)
      return ada.call('turns.start', { id, text: 'all', parentId: null, attachments })
    }),
  )
  const { rows } = await sql<{
    count: number
  }>`select count(*)::int as count from message where conversation_id = ${id} and role = 'user'`.execute(app.deps.db)
  const attached = await sql<{
    count: number
  }>`select count(*)::int as count from attachment where conversation_id = ${id} and status = 'attached'`.execute(app.deps.db)
  // Each message that was written has all three.
  expect(attached.rows[0]!.count).toBe(rows[0]!.count * 3)
})
