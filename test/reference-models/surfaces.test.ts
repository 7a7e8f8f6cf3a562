import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type ClientMessage, ServerMessage } from '../../src/contract/socket.ts'
import { useTestApp } from '../support/test-app.ts'

/** The ways into a conversation that the reference models know beside the web: a socket, and programs with a key. */

const shared = useTestApp()
const json = { 'content-type': 'application/json' }

test('a turn can be started and followed to its end over the WebSocket alone', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const conversation = await ada.get('conversations.create', { workspaceId: ada.workspaceId })
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/ws`, { headers: { cookie: ada.cookie!, origin: app.url } })
  const heard: ServerMessage[] = []
  const ended = Promise.withResolvers<void>()
  socket.on('message', (data: Buffer) => {
    const message = ServerMessage.parse(JSON.parse(data.toString('utf8')))
    heard.push(message)
    if (message.type === 'turn.events' && message.items.some(({ event }) => event.type === 'turn-ended')) ended.resolve()
  })
  await once(socket, 'open')
  const send = (message: ClientMessage) => socket.send(JSON.stringify(message))
  send({ type: 'ping', ref: 'a' })
  send({ type: 'turn.start', ref: 'b', turn: { id: conversation.id, text: 'What is 6 times 7?' } })
  await ended.promise
  socket.close()

  expect(heard).toContainEqual({ type: 'pong', ref: 'a' })
  const accepted = heard.find((message) => message.type === 'turn.accepted')!
  const text = heard
    .flatMap((message) => (message.type === 'turn.events' ? message.items : []))
    .map(({ event }) => (event.type === 'text-delta' ? event.text : ''))
    .join('')
  const { messages } = await ada.get('conversations.messages', { id: conversation.id })
  expect(messages[1]).toMatchObject({ id: accepted.turn.answerMessageId, role: 'assistant' })
  expect(text).toContain('42')
  expect(messages[1]!.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')).toBe(text)
})

test('a program may have its exchange kept: every role, and where the conversation came from', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const program = app.withKey((await ada.get('people.createApiKey', { name: 'program' })).secret)
  const { models } = await ada.get('models.list', { workspaceId: ada.workspaceId })
  const model = models.find(({ kind }) => kind === 'chat')!.internalName
  const messages = [
    { role: 'system', content: 'You are terse.' },
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'Hello.' },
    { role: 'user', content: 'What is 6 times 7?' },
  ]
  const response = await program.fetch('/v1/chat/completions', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ model, messages, store: true }),
  })
  expect(response.status).toBe(200)

  const { conversations } = await ada.get('conversations.list', { workspaceId: ada.workspaceId })
  expect(conversations).toMatchObject([{ source: 'api' }])
  const kept = await ada.get('conversations.messages', { id: conversations[0]!.id })
  expect(kept.messages.map(({ role, serial }) => [role, serial])).toEqual([
    ['system', 1],
    ['user', 2],
    ['assistant', 3],
    ['user', 4],
    ['assistant', 5],
  ])
  expect(kept.messages[0]!.parts).toMatchObject([{ type: 'text', text: 'You are terse.' }])
})

test('a model that embeds does, and its call is in the ledger', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const program = app.withKey((await ada.get('people.createApiKey', { name: 'program' })).secret)
  const { models } = await ada.get('models.list', { workspaceId: ada.workspaceId })
  const model = models.find(({ kind }) => kind === 'embedding')!.internalName
  const response = await program.fetch('/v1/embeddings', { method: 'POST', headers: json, body: JSON.stringify({ model, input: 'rain' }) })
  expect(response.status).toBe(200)
  const { data } = (await response.json()) as { data: { embedding: number[] }[] }
  expect(data[0]!.embedding.length).toBeGreaterThan(100)
  const { rows } = await ada.get('usage.list', { workspaceId: ada.workspaceId })
  expect(rows).toMatchObject([{ purpose: 'embedding', type: 'user' }])
})
