import type { WebSocket } from 'ws'
import { ClientMessage, type ServerMessage } from '../../../contract/socket.ts'
import type { TurnStreamItem } from '../../../contract/turns.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import { errorFrame, readFrame, refOf } from '../frames.ts'
import { requireConversation } from '../../features/conversations/index.ts'
import { type EventDeps, followEvents } from '../../features/events/index.ts'
import { decideCall, followTurn, startTurn, stopTurn, type TurnDeps } from '../../features/turns/index.ts'

export interface SocketServices {
  turnDeps: TurnDeps
  eventDeps: EventDeps
  tell(principalId: string, message: ServerMessage, except: SocketSession): void
}

/** Turns that one socket may follow at once. */
const maxFollowed = 100
/** Messages of one socket that are being answered at once; more wait their turn in the connection. */
const maxPending = 64
/** While the connection holds this much unsent, followers are not read: they fall back to the log. */
const highWaterBytes = 512 * 1024

/** One connection. Each message is one operation, begun through the gate as on every surface. */
export class SocketSession {
  readonly #socket: WebSocket
  readonly #services: SocketServices
  readonly #log: Logger
  readonly #authenticate: () => Promise<Actor>
  #actor: Actor
  readonly #closed = new AbortController()
  readonly #followed = new Map<string, AbortController>()
  #events: AbortController | undefined
  #pending = 0

  constructor(socket: WebSocket, actor: Actor, authenticate: () => Promise<Actor>, services: SocketServices, log: Logger) {
    this.#socket = socket
    this.#actor = actor
    this.#authenticate = authenticate
    this.#services = services
    this.#log = log
    socket.on('message', (data, isBinary) => void this.#receive(!isBinary && Buffer.isBuffer(data) ? data.toString() : undefined))
    socket.on('close', () => this.#closed.abort())
    socket.on('error', () => socket.terminate())
  }

  send(message: ServerMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  /** The person, the session or the key changed: goes on as who they are now, or closes. */
  async askDoorAgain(): Promise<void> {
    try {
      this.#actor = await this.#authenticate()
    } catch (error) {
      // A database that is away says nothing about the person.
      if (error instanceof AppError && !error.code.startsWith('auth.')) return
      if (error instanceof AppError) this.#sendError(null, error)
      this.#socket.close(4401, 'sign in again')
    }
  }

  async #receive(text: string | undefined): Promise<void> {
    let message: ClientMessage
    try {
      message = readFrame(ClientMessage, text)
    } catch (error) {
      this.#sendError(refOf(text), error)
      return
    }
    if (this.#pending >= maxPending) {
      this.#sendError(message.ref, new AppError('request.rate_limited'))
      return
    }
    this.#pending++
    try {
      // Cached for seconds: a revoked session or key is noticed here, not only by notification.
      this.#actor = await this.#authenticate()
      await this.#handle(message)
    } catch (error) {
      this.#sendError(message.ref, error)
      if (
        error instanceof AppError &&
        (error.code === 'auth.disabled' || error.code === 'auth.required' || error.code === 'auth.key_invalid')
      ) {
        this.#socket.close(4401, 'sign in again')
      }
    } finally {
      this.#pending--
    }
  }

  async #handle(message: ClientMessage): Promise<void> {
    const { turnDeps } = this.#services
    switch (message.type) {
      case 'turn.start': {
        const turn = await startTurn(turnDeps, this.#actor, message.turn)
        this.send({ type: 'turn.accepted', ref: message.ref, turn })
        // Who may start it may read its answer: no key has a scope for the one without the other.
        await this.#follow(turn.turnId, async (signal) => turnDeps.turns.hub.follow(turn.turnId, undefined, signal))
        return
      }
      case 'turn.follow':
        await this.#follow(message.id, (signal) => followTurn(turnDeps, this.#actor, message.id, message.after, signal))
        this.send({ type: 'ok', ref: message.ref })
        return
      case 'turn.unfollow':
        this.#followed.get(message.id)?.abort()
        this.send({ type: 'ok', ref: message.ref })
        return
      case 'turn.stop':
        this.send({ type: 'turn.state', ref: message.ref, turn: await stopTurn(turnDeps, this.#actor, message.id) })
        return
      case 'turn.decide':
        this.send({ type: 'turn.state', ref: message.ref, turn: await decideCall(turnDeps, this.#actor, message) })
        return
      case 'events.follow':
        await this.#followEvents(message.after)
        this.send({ type: 'ok', ref: message.ref })
        return
      case 'typing':
        check(this.#actor, 'conversation', 'read', 'own')
        await requireConversation(turnDeps.db, this.#actor, message.id)
        this.#services.tell(this.#actor.principalId, { type: 'typing', conversationId: message.id, isTyping: message.isTyping }, this)
        this.send({ type: 'ok', ref: message.ref })
        return
      case 'ping':
        this.send({ type: 'pong', ref: message.ref })
    }
  }

  async #follow(turnId: ServerMessageTurnId, open: (signal: AbortSignal) => Promise<AsyncIterable<TurnStreamItem[]>>): Promise<void> {
    this.#followed.get(turnId)?.abort()
    if (this.#followed.size >= maxFollowed)
      throw new AppError('request.rate_limited', { detail: `At most ${maxFollowed} turns can be followed on one socket.` })
    const left = new AbortController()
    this.#followed.set(turnId, left)
    const release = () => {
      if (this.#followed.get(turnId) === left) this.#followed.delete(turnId)
    }
    try {
      const batches = await open(AbortSignal.any([left.signal, this.#closed.signal]))
      void this.#pump(batches, (items) => this.send({ type: 'turn.events', turnId, items })).finally(release)
    } catch (error) {
      release()
      throw error
    }
  }

  async #followEvents(after: string | undefined): Promise<void> {
    this.#events?.abort()
    this.#events = new AbortController()
    const batches = await followEvents(
      this.#services.eventDeps,
      this.#actor,
      after,
      AbortSignal.any([this.#events.signal, this.#closed.signal]),
    )
    void this.#pump(batches, (batch) => this.send(batch === 'reset' ? { type: 'events.reset' } : { type: 'events', items: batch.items }))
  }

  /** Reads a stream only as fast as the connection takes it. */
  async #pump<Batch>(batches: AsyncIterable<Batch>, deliver: (batch: Batch) => void): Promise<void> {
    try {
      for await (const batch of batches) {
        deliver(batch)
        while (this.#socket.bufferedAmount > highWaterBytes && !this.#closed.signal.aborted)
          await new Promise((resolve) => setTimeout(resolve, 20))
      }
    } catch (error) {
      this.#sendError(null, error)
      // A stream that just stops would look like one in which nothing happens. Whoever comes back goes on where it was.
      this.#socket.close(1011, 'a stream broke off')
    }
  }

  #sendError(ref: string | null, error: unknown): void {
    this.send(errorFrame(ref, error, this.#log))
  }
}

type ServerMessageTurnId = Extract<ServerMessage, { type: 'turn.events' }>['turnId']
