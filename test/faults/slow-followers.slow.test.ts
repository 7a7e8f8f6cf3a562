import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TurnEvent } from '../../src/contract/turns.ts'
import { browserOf } from '../authorisation/credentials.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { SocketClient } from '../support/socket-client.ts'
import { type Person, useTestApp } from '../support/test-app.ts'
import { conversationWith, eventually, messagesOf, textOf } from '../support/turn-client.ts'

// A reader that does not read for a while must not slow down the turn, and must not miss anything.

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({ env: { OPENAI_API_KEY: 'sk-slow-0000', OPENAI_BASE_URL: provider.baseUrl('openai') } })

/** Far more than connections and queues hold: 6 MB, in pieces of 4 kB. */
const pieces = 1_500
const text = Array.from({ length: pieces }, (_, index) => `${index}-`.padEnd(4_000, 'abcdefghij')).join(' ')

let alice: Person
beforeAll(async () => {
  await shared.current.app.listing?.firstRound
  ;[alice] = await shared.current.people('alice')
})

/** What a client shows; every piece of text must begin where the one before ended. */
class Shown {
  text = ''
  gaps = 0
  ids: string[] = []
  isEnded = false

  take(id: string, event: TurnEvent): void {
    this.ids.push(id)
    if (event.type === 'text-delta') {
      if (event.offset > this.text.length) this.gaps++
      this.text = this.text.slice(0, event.offset) + event.text
    }
    if (event.type === 'snapshot') this.text = event.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
    this.isEnded ||= event.type === 'turn-ended'
  }
}

async function startLongTurn(): Promise<{ turnId: string; conversationId: string }> {
  const conversationId = await conversationWith(alice, 'gpt-4o')
  const undo = provider.script({ text, delayMs: 1, firstDelayMs: 300 }, { model: 'gpt-4o', times: 1 })
  const { turnId } = await alice.get('turns.start', { id: conversationId, text: 'write a lot' })
  void undo
  return { turnId, conversationId }
}

async function untilCompleted(turnId: string): Promise<void> {
  await eventually(
    () => alice.get('turns.get', { id: turnId }),
    ({ state }) => state === 'completed',
    40_000,
  )
}

test('a stream that is not read while the turn runs has everything afterwards', async () => {
  const { turnId, conversationId } = await startLongTurn()
  const request = httpRequest(`${shared.current.url}/api/turns/${turnId}/events`, { headers: browserOf(shared.current, alice) })
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.pause()
  const quick = httpRequest(`${shared.current.url}/api/turns/${turnId}/events`, { headers: browserOf(shared.current, alice) })
  quick.end()
  const [read] = (await once(quick, 'response')) as [IncomingMessage]
  const quickly = readAll(read)

  await untilCompleted(turnId)

  const [slow, fast] = await Promise.all([readAll(response), quickly])
  const kept = textOf((await messagesOf(alice, conversationId)).at(-1))
  expect(kept.length).toBe(text.length)
  for (const shown of [slow, fast]) {
    expect(shown.isEnded).toBe(true)
    expect(shown.gaps).toBe(0)
    expect(shown.text === kept).toBe(true)
    expect(new Set(shown.ids).size).toBe(shown.ids.length)
  }
}, 90_000)

test('a socket that is not read while the turn runs has everything afterwards', async () => {
  await using socket = await SocketClient.open(shared.current.url, browserOf(shared.current, alice))
  const { turnId, conversationId } = await startLongTurn()
  await socket.ask({ type: 'turn.follow', id: turnId })
  socket.socket.pause()

  await untilCompleted(turnId)

  socket.socket.resume()
  await socket.next('turn.events', ({ items }) => items.some(({ event }) => event.type === 'turn-ended'))
  const shown = new Shown()
  for (const message of socket.heard) if (message.type === 'turn.events') for (const { id, event } of message.items) shown.take(id, event)
  expect(shown.gaps).toBe(0)
  expect(shown.text === textOf((await messagesOf(alice, conversationId)).at(-1))).toBe(true)
  expect(new Set(shown.ids).size).toBe(shown.ids.length)
}, 90_000)

async function readAll(response: IncomingMessage): Promise<Shown> {
  const shown = new Shown()
  let rest = ''
  response.setEncoding('utf8')
  for await (const chunk of response as AsyncIterable<string>) {
    rest += chunk
    const frames = rest.split('\n\n')
    rest = frames.pop()!
    for (const frame of frames) {
      const id = /^id: (.+)$/m.exec(frame)?.[1]
      const data = /^data: (.+)$/m.exec(frame)?.[1]
      if (id && data) shown.take(id, JSON.parse(data) as TurnEvent)
    }
  }
  return shown
}
