import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws'
import type { UserEvent } from '../../../../contract/events.ts'
import type { ConversationId, TurnId } from '../../../../contract/ids.ts'
import type { ClientMessage, ServerMessage } from '../../../../contract/socket.ts'
import type { StartedTurn, TurnStreamItem } from '../../../../contract/turns.ts'
import { ApiError } from '../../../errors.ts'
import type { Connection } from '../../../live.ts'
import { Socket } from './socket.ts'

const conversationId = '01900000-0000-7000-8000-000000000001' as ConversationId
const turnId = '01900000-0000-7000-8000-000000000002' as TurnId
const started = { turnId, state: 'running', conversationId, userMessageId: turnId, answerMessageId: turnId } as unknown as StartedTurn
const delta = (sequence: number, offset: number, text: string): TurnStreamItem => ({
  id: `1.${sequence}`,
  event: { type: 'text-delta', part: 0, step: 0, offset, text },
})

/** A server that does what each test tells it to, and remembers what it heard. */
class Peer {
  readonly heard: ClientMessage[] = []
  readonly connections: ServerSocket[] = []
  answers: (message: ClientMessage, say: (message: ServerMessage) => void, connection: ServerSocket) => void = () => undefined
  greets = true
  #server: WebSocketServer
  #waiting: { test: () => boolean; resolve: () => void }[] = []

  private constructor(server: WebSocketServer) {
    this.#server = server
    server.on('connection', (connection) => {
      this.connections.push(connection)
      const say = (message: ServerMessage) => connection.send(JSON.stringify(message))
      if (this.greets) say({ type: 'hello', version: '0', processId: 'p' })
      connection.on('message', (data) => {
        const message = JSON.parse((data as Buffer).toString()) as ClientMessage
        this.heard.push(message)
        this.answers(message, say, connection)
        this.#check()
      })
      this.#check()
    })
  }

  static async listen(port = 0): Promise<Peer> {
    const server = new WebSocketServer({ port, host: '127.0.0.1' })
    await new Promise((resolve) => server.once('listening', resolve))
    return new Peer(server)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  of<Type extends ClientMessage['type']>(type: Type): Extract<ClientMessage, { type: Type }>[] {
    return this.heard.filter((message): message is Extract<ClientMessage, { type: Type }> => message.type === type)
  }

  say(message: ServerMessage): void {
    this.connections.at(-1)?.send(JSON.stringify(message))
  }

  until(test: () => boolean): Promise<void> {
    if (test()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ test, resolve }))
  }

  #check(): void {
    for (const waiting of this.#waiting.filter(({ test }) => test())) waiting.resolve()
    this.#waiting = this.#waiting.filter(({ test }) => !test())
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.terminate()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

let peer: Peer
let socket: Socket
let states: Connection['state'][]
let events: UserEvent[]
let resets: boolean[]

beforeEach(async () => {
  peer = await Peer.listen()
  states = []
  events = []
  resets = []
  const { port } = peer
  socket = new Socket({
    url: () => `ws://127.0.0.1:${port}`,
    onState: ({ state }) => states.push(state),
    onUserEvents: (more) => events.push(...more),
    onReset: (isFirst) => resets.push(isFirst),
    onTyping: () => undefined,
    times: { minDelayMs: 5, maxDelayMs: 20, quietMs: 40, answerMs: 40, connectMs: 500, settledMs: 0 },
    requestMs: 150,
    followAgainMs: 20,
  })
})

afterEach(async () => {
  socket.close()
  await peer.close()
})

const start = (key = 'k1') => socket.startTurn({ id: conversationId, text: 'hello', idempotencyKey: key })
const acceptStarts: Peer['answers'] = (message, say) =>
  message.type === 'turn.start' && say({ type: 'turn.accepted', ref: message.ref, turn: started })

test('a start whose answer was lost is sent again with the same key, and answered once', async () => {
  peer.answers = (message, say, connection) => {
    if (message.type !== 'turn.start') return
    if (peer.of('turn.start').length === 1) connection.terminate()
    else say({ type: 'turn.accepted', ref: message.ref, turn: started })
  }
  socket.start()
  expect(await start()).toEqual(started)
  expect(peer.of('turn.start').map((message) => message.turn.idempotencyKey)).toEqual(['k1', 'k1'])
})

test('what is said without a connection waits for one, and can be taken back meanwhile', async () => {
  const abort = new AbortController()
  const taken = socket.startTurn({ id: conversationId, text: 'no', idempotencyKey: 'k0' }, abort.signal)
  const kept = start()
  abort.abort()
  await expect(taken).rejects.toThrow('Taken back')
  peer.answers = acceptStarts
  socket.start()
  expect(await kept).toEqual(started)
  expect(peer.of('turn.start')).toHaveLength(1)
})

test('refusals are errors with the code and the words of the server', async () => {
  peer.answers = (message, say) =>
    message.type === 'turn.start' &&
    say({ type: 'error', ref: message.ref, code: 'budget.exhausted', message: 'Used up.', action: 'Ask.', retryAfterSeconds: 3 })
  socket.start()
  const error = await start().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({ code: 'budget.exhausted', message: 'Used up.', action: 'Ask.', retryAfterSeconds: 3 })
})

test('a server that is going away is asked again instead of giving up', async () => {
  peer.answers = (message, say) => {
    if (message.type !== 'turn.start') return
    if (peer.of('turn.start').length > 1) say({ type: 'turn.accepted', ref: message.ref, turn: started })
    else say({ type: 'error', ref: message.ref, code: 'server.stopping', message: '', action: '' })
  }
  socket.start()
  expect(await start()).toEqual(started)
})

test('no answer while there is a connection is an error in the end', async () => {
  peer.answers = (message, say) => message.type === 'ping' && say({ type: 'pong', ref: message.ref })
  socket.start()
  await expect(socket.stopTurn(turnId)).rejects.toMatchObject({ code: 'network' })
})

test('a decision that had arrived before the connection was lost is not an error the second time', async () => {
  peer.answers = (message, say, connection) => {
    if (message.type !== 'turn.decide') return
    if (peer.of('turn.decide').length === 1) connection.terminate()
    else say({ type: 'error', ref: message.ref, code: 'turn.not_waiting', message: '', action: '' })
  }
  socket.start()
  await expect(socket.decide(turnId, 'c1', 'allow')).resolves.toBeUndefined()
})

test('a followed turn goes on after the last event, and events seen twice are passed on once', async () => {
  const items: TurnStreamItem[] = []
  peer.answers = (message, say, connection) => {
    if (message.type !== 'turn.follow') return
    if (peer.of('turn.follow').length === 1) {
      say({ type: 'turn.events', turnId, items: [delta(1, 0, 'a'), delta(2, 1, 'b')] })
      setTimeout(() => connection.terminate(), 10)
    } else say({ type: 'turn.events', turnId, items: [delta(2, 1, 'b'), delta(3, 2, 'c')] })
  }
  socket.start()
  socket.followTurn(
    turnId,
    undefined,
    (more) => items.push(...more),
    () => undefined,
  )
  await peer.until(() => peer.of('turn.follow').some((message) => message.after === '1.2'))
  await expect.poll(() => items.map((item) => item.id)).toEqual(['1.1', '1.2', '1.3'])
})

test('what arrives between the acceptance and the first listener is kept', async () => {
  peer.answers = (message, say) => {
    acceptStarts(message, say, peer.connections[0]!)
    if (message.type === 'turn.start') say({ type: 'turn.events', turnId, items: [delta(1, 0, 'a')] })
  }
  socket.start()
  await start()
  await new Promise((resolve) => setTimeout(resolve, 20))
  const items: TurnStreamItem[] = []
  socket.followTurn(
    turnId,
    undefined,
    (more) => items.push(...more),
    () => undefined,
  )
  expect(items.map((item) => item.id)).toEqual(['1.1'])
  expect(peer.of('turn.follow')).toEqual([])
})

test('the end of a turn ends its following', async () => {
  const ended: TurnStreamItem = {
    id: '1.1',
    event: {
      type: 'turn-ended',
      state: 'completed',
      error: null,
      tokens: { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 },
      costNanoUsd: null,
      latencyMs: 1,
    },
  }
  peer.answers = (message, say) => message.type === 'turn.follow' && say({ type: 'turn.events', turnId, items: [ended] })
  socket.start()
  await new Promise<void>((resolve) => {
    socket.followTurn(
      turnId,
      undefined,
      () => resolve(),
      () => undefined,
    )
  })
  peer.connections[0]?.terminate()
  await peer.until(() => peer.connections.length === 2 && peer.of('events.follow').length === 2)
  expect(peer.of('turn.follow')).toHaveLength(1)
})

test('events go on after the last one; without a position, or when told so, everything is loaded afresh', async () => {
  peer.answers = (message, say) => message.type === 'events.follow' && say({ type: 'ok', ref: message.ref })
  socket.start()
  await expect.poll(() => resets).toEqual([true])
  peer.say({ type: 'events', items: [{ id: '7', event: { type: 'settings-changed' } }] })
  await expect.poll(() => events).toEqual([{ type: 'settings-changed' }])
  peer.connections[0]?.terminate()
  await peer.until(() => peer.of('events.follow').length === 2)
  expect(peer.of('events.follow')[1]?.after).toBe('7')
  peer.say({ type: 'events.reset' })
  await expect.poll(() => resets).toEqual([true, false])
})

test('a connection that has fallen silent is replaced', async () => {
  socket.start()
  await peer.until(() => peer.connections.length >= 2)
  expect(peer.of('ping').length).toBeGreaterThan(0)
  expect(states).toContain('waiting')
})

test('one that answers pings is kept, however quiet it is', async () => {
  peer.answers = (message, say) => message.type === 'ping' && say({ type: 'pong', ref: message.ref })
  socket.start()
  await peer.until(() => peer.of('ping').length >= 4)
  expect(peer.connections).toHaveLength(1)
  expect(states).toEqual(['connecting', 'open'])
})

test('what cannot be read just now is asked for again: an answer, and the events of the person', async () => {
  const refused = new Set<string>()
  peer.answers = (message, say) => {
    if (message.type !== 'turn.follow' && message.type !== 'events.follow') return
    const isFirst = !refused.has(message.type)
    refused.add(message.type)
    if (isFirst) return say({ type: 'error', ref: message.ref, code: 'database.unavailable', message: '', action: '' })
    say({ type: 'ok', ref: message.ref })
    if (message.type === 'turn.follow') say({ type: 'turn.events', turnId, items: [delta(1, 0, 'here')] })
  }
  const items: TurnStreamItem[] = []
  socket.start()
  socket.followTurn(
    turnId,
    undefined,
    (more) => items.push(...more),
    () => expect.unreachable(),
  )
  await peer.until(() => peer.of('turn.follow').length === 2 && peer.of('events.follow').length === 2)
  await expect.poll(() => items.length).toBe(1)
})

test('an attempt to connect that hangs is given up when the network comes back', async () => {
  peer.greets = false
  socket.start()
  await peer.until(() => peer.connections.length === 1)
  peer.greets = true
  socket.wake()
  await expect.poll(() => states.at(-1)).toBe('open')
  expect(peer.connections).toHaveLength(2)
})
