import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { startTestApp } from '../../../../test/support/test-app.ts'
import { eventually } from '../../../../test/support/turn-client.ts'
import { newId } from '../../platform/ids.ts'
import { appendMessage } from '../conversations/index.ts'

test('two processes index the same messages once each; what one of them missed is made up for', async () => {
  await using app = await startTestApp({ database: 'postgres' })
  await using another = await app.another()
  const { db } = app.deps
  const [alice] = await app.people('alice')
  const { id } = await alice.get('conversations.create', { workspaceId: alice.workspaceId })
  for (let index = 0; index < 250; index++)
    await appendMessage(db, { id: newId(), conversationId: id, authorId: alice.id, role: 'user', text: `Pelican ${index}` })

  const state = async () => {
    const { rows } = await sql<{ rows: number; serial: number | null }>`
      select (select count(*)::int from message_text where conversation_id = ${id}) as rows,
        (select serial from indexed_conversation where conversation_id = ${id}) as serial`.execute(db)
    return rows[0]!
  }
  await eventually(state, ({ rows, serial }) => rows === 250 && serial === 250)

  // As a process leaves it that dies between writing a message and writing its words.
  await sql`delete from message_text where conversation_id = ${id} and created_at > (select min(created_at) from message_text)`.execute(db)
  await sql`delete from indexed_conversation where conversation_id = ${id}`.execute(db)
  await sql`update search_progress set checked_until = '-infinity'`.execute(db)
  await eventually(state, ({ rows, serial }) => rows === 250 && serial === 250)
  expect((await alice.get('search.messages', { workspaceId: alice.workspaceId, query: 'pelican 249' })).messages).toHaveLength(1)
  expect(another.url).not.toBe(app.url)
})
