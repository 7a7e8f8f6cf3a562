import { expect, test } from 'vitest'
import { startTestApp } from '../../../../test/support/test-app.ts'

test('a message is answered by the built-in model as a stream, and kept', async () => {
  await using app = await startTestApp()
  const [alice] = await app.people('alice')
  const conversation = await alice.get('conversations.create', { workspaceId: alice.workspaceId })

  const response = await alice.fetch(`/api/conversations/${conversation.id}/turns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ text: 'What is 6 times 7?' }),
  })
  const stream = await response.text()

  expect(response.status).toBe(200)
  expect(stream).toContain('event: turn-ended')
  const { messages } = await alice.get('conversations.messages', { id: conversation.id })
  expect(messages.map((message) => message.role)).toEqual(['user', 'assistant'])
})
