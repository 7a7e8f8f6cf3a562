import { sql } from 'kysely'
import type { Person, TestApp } from './test-app.ts'
import { allEvents, startTurn } from './turn-client.ts'

/** A conversation whose last answer says exactly this, as if a model had. */
export async function conversationSaying(app: TestApp, person: Person, markdown: string): Promise<string> {
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId, title: 'About harbours' })
  await allEvents(await startTurn(person, id, { text: 'hello' }))
  await rewriteAnswers(app, id, markdown)
  return id
}

/** Every answer of a conversation says this from now on. */
export async function rewriteAnswers(app: TestApp, conversationId: string, markdown: string): Promise<void> {
  const parts = JSON.stringify([{ type: 'text', step: 0, text: markdown }])
  await sql`update message set parts = ${parts}::jsonb where conversation_id = ${conversationId} and role = 'assistant'`.execute(
    app.deps.db,
  )
}
