import type { UserEvent } from '../../../../contract/events.ts'
import type { ConversationId, TurnId } from '../../../../contract/ids.ts'
import type { ClientMessage, ServerMessage } from '../../../../contract/socket.ts'
import type { Decision, DecisionScope, StartedTurn, StartTurn, Turn, TurnStreamItem } from '../../../../contract/turns.ts'
import { ApiError } from '../../../errors.ts'
import type { Connection } from '../../../live.ts'
import { isAfter } from './event-position.ts'
import { Link, type LinkTimes } from './link.ts'

type Reply = Extract<ServerMessage, { ref: string | null }>
type Failure = Extract<ServerMessage, { type: 'error' }>
type RequestBody = ClientMessage extends infer M ? (M extends { ref: string } ? Omit<M, 'ref'> : never) : never

interface Request {
  message: ClientMessage
  /** How often it was put on the wire. A second time its first answer may have been lost on the way. */
  attempts: number
  timer: ReturnType<typeof setTimeout> | undefined
  resolve: (reply: Reply) => void
  reject: (error: Error) => void
}

interface Follower {
  after: string | undefined
  /** Undefined while the server already sends (a start follows by itself) and nobody here has asked yet. */
  onItems: ((items: TurnStreamItem[]) => void) | undefined
  onLost: ((error: ApiError) => void) | undefined
  waiting: TurnStreamItem[]
}

interface SocketOptions {
  url: () => string
  onState: (state: Connection) => void
  /** The person's own events, in order. */
  onUserEvents: (events: UserEvent[]) => void
  /** Some events were missed for good, or may have been: load afresh. `isFirst`: only what was loaded before this moment may be old. */
  onReset: (isFirst: boolean) => void
  onTyping: (conversationId: ConversationId, isTyping: boolean) => void
  times?: Partial<LinkTimes>
  /** How long an answer may take while there is a connection. */
  requestMs?: number
  /** How long to wait before a stream is asked for again that could not be read. */
  followAgainMs?: number
}

/** The server is going away or still busy with our first attempt: the same request is good again in a moment. */
const passing: ReadonlySet<string> = new Set(['server.stopping', 'idempotency.in_flight'])
const passingMs = 400
/** A stream cannot be read just now; nothing is lost by asking again. */
const followAgain: ReadonlySet<string> = new Set([...passing, 'database.unavailable', 'request.rate_limited', 'internal'])
const followAgainMs = 1_000
/** A turn that was started here and whose screen was left at once is not read on. */
const unclaimedMs = 10_000

/**
 * Everything said over `/ws`. Requests outlive the connection: what has no answer is sent again on the next one, which is harmless, since a
 * start carries an idempotency key and stop and decide are idempotent. Followed turns and the person's events go on after the last one seen.
 */
export class Socket {
  readonly #link: Link
  readonly #options: SocketOptions
  readonly #requests = new Map<string, Request>()
  readonly #followers = new Map<TurnId, Follower>()
  #lastRef = 0
  #eventsAfter: string | undefined
  #hasFollowedEvents = false

  constructor(options: SocketOptions) {
    this.#options = options
    this.#link = new Link({
      url: options.url,
      onState: (state) => this.#changed(state),
      onOpen: () => this.#greeted(),
      onMessage: (message) => this.#receive(message),
      ...(options.times ? { times: options.times } : {}),
    })
  }

  start = (): void => this.#link.start()
  wake = (): void => this.#link.wake()

  /** Ends everything: open requests fail, followers hear no more. */
  close(): void {
    this.#link.stop()
    for (const [ref, request] of this.#requests) this.#settle(ref, request)?.reject(new ApiError('network'))
    this.#followers.clear()
    this.#eventsAfter = undefined
    this.#hasFollowedEvents = false
  }

  /**
   * Waits as long as there is no connection, so what a person wrote is not refused for a tunnel. Also begins to follow the turn. `signal` takes it
   * back while it waits; what was sent already is not called back by that.
   */
  async startTurn(turn: StartTurn & { idempotencyKey: string }, signal?: AbortSignal): Promise<StartedTurn> {
    const reply = await this.#request({ type: 'turn.start', turn }, signal)
    if (reply.type !== 'turn.accepted') throw new ApiError('internal')
    return reply.turn
  }

  async stopTurn(id: TurnId): Promise<Turn | undefined> {
    const reply = await this.#request({ type: 'turn.stop', id })
    return reply.type === 'turn.state' ? reply.turn : undefined
  }

  async decide(id: TurnId, callId: string, decision: Decision, scope: DecisionScope = 'conversation'): Promise<Turn | undefined> {
    const reply = await this.#request({ type: 'turn.decide', id, callId, decision, scope })
    return reply.type === 'turn.state' ? reply.turn : undefined
  }

  /** One follower a turn. `after` is the last position already known; without it the stream begins at its start. */
  followTurn(
    id: TurnId,
    after: string | undefined,
    onItems: (items: TurnStreamItem[]) => void,
    onLost: (error: ApiError) => void,
  ): () => void {
    const begun = this.#followers.get(id)
    const follower: Follower = { after, onItems, onLost, waiting: [] }
    this.#followers.set(id, follower)
    if (begun && begun.onItems === undefined) this.#deliver(id, follower, begun.waiting)
    else this.#sendFollow(id, follower)
    return () => {
      if (this.#followers.get(id) !== follower) return
      this.#followers.delete(id)
      this.#link.send({ type: 'turn.unfollow', ref: this.#nextRef(), id })
    }
  }

  /** Kept nowhere, so it is not worth a second attempt. */
  setTyping(id: ConversationId, isTyping: boolean): void {
    this.#link.send({ type: 'typing', ref: this.#nextRef(), id, isTyping })
  }

  /** Time without a connection does not count against an answer. */
  #changed(state: Connection): void {
    if (state.state !== 'open') for (const request of this.#requests.values()) clearTimeout(request.timer)
    this.#options.onState(state)
  }

  #nextRef(): string {
    this.#lastRef += 1
    return this.#lastRef.toString(36)
  }

  #request(body: RequestBody, signal?: AbortSignal): Promise<Reply> {
    const ref = this.#nextRef()
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const request: Request = { message: { ...body, ref } as ClientMessage, attempts: 0, timer: undefined, resolve, reject }
    this.#requests.set(ref, request)
    signal?.addEventListener('abort', () => this.#settle(ref, request)?.reject(new DOMException('Taken back', 'AbortError')))
    this.#transmit(ref, request)
    return promise
  }

  #transmit(ref: string, request: Request): void {
    if (!this.#link.send(request.message)) return
    request.attempts += 1
    clearTimeout(request.timer)
    request.timer = setTimeout(() => this.#settle(ref, request)?.reject(new ApiError('network')), this.#options.requestMs ?? 20_000)
  }

  #settle(ref: string, request: Request): Request | undefined {
    clearTimeout(request.timer)
    return this.#requests.delete(ref) ? request : undefined
  }

  #greeted(): void {
    this.#sendFollowEvents()
    for (const [id, follower] of this.#followers) this.#sendFollow(id, follower)
    for (const [ref, request] of this.#requests) this.#transmit(ref, request)
  }

  #sendFollowEvents(): void {
    this.#link.send({ type: 'events.follow', ref: 'events', ...(this.#eventsAfter === undefined ? {} : { after: this.#eventsAfter }) })
  }

  #sendFollow(id: TurnId, follower: Follower): void {
    this.#link.send({ type: 'turn.follow', ref: `follow:${id}`, id, ...(follower.after === undefined ? {} : { after: follower.after }) })
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
      case 'pong':
        return
      case 'turn.events': {
        const follower = this.#followers.get(message.turnId)
        if (follower) this.#deliver(message.turnId, follower, message.items)
        return
      }
      case 'events':
        this.#eventsAfter = message.items.at(-1)?.id ?? this.#eventsAfter
        return this.#options.onUserEvents(message.items.map((item) => item.event))
      case 'events.reset':
        this.#eventsAfter = undefined
        return this.#options.onReset(false)
      case 'typing':
        return this.#options.onTyping(message.conversationId, message.isTyping)
      case 'error':
        return this.#fail(message)
      case 'turn.accepted':
        // What follows is already on its way: keep a place for it before anybody can miss it.
        if (!this.#followers.has(message.turn.turnId)) {
          this.#keepPlace(message.turn.turnId)
        }
        return this.#answer(message.ref, message)
      case 'ok':
        if (message.ref === 'events') return this.#eventsFollowed()
        return this.#answer(message.ref, message)
      case 'turn.state':
        return this.#answer(message.ref, message)
    }
  }

  #keepPlace(id: TurnId): void {
    const place: Follower = { after: undefined, onItems: undefined, onLost: undefined, waiting: [] }
    this.#followers.set(id, place)
    setTimeout(() => {
      if (this.#followers.get(id) !== place) return
      this.#followers.delete(id)
      this.#link.send({ type: 'turn.unfollow', ref: this.#nextRef(), id })
    }, unclaimedMs)
  }

  /** The first time there is no position to go on after, so whatever was loaded before this moment may already be old. */
  #eventsFollowed(): void {
    const isFirst = !this.#hasFollowedEvents
    this.#hasFollowedEvents = true
    if (this.#eventsAfter === undefined) this.#options.onReset(isFirst)
  }

  #answer(ref: string, reply: Reply): void {
    const request = this.#requests.get(ref)
    if (request) this.#settle(ref, request)?.resolve(reply)
  }

  #fail(failure: Failure): void {
    if (failure.ref === null) return
    const error = new ApiError(failure.code, {
      message: failure.message,
      action: failure.action,
      retryAfterSeconds: failure.retryAfterSeconds,
      issues: failure.issues,
    })
    if (failure.ref.startsWith('follow:')) {
      const id = failure.ref.slice('follow:'.length) as TurnId
      const follower = this.#followers.get(id)
      if (followAgain.has(failure.code)) {
        setTimeout(
          () => follower && this.#followers.get(id) === follower && this.#sendFollow(id, follower),
          this.#options.followAgainMs ?? followAgainMs,
        )
        return
      }
      this.#followers.delete(id)
      follower?.onLost?.(error)
      return
    }
    if (failure.ref === 'events') {
      setTimeout(() => this.#sendFollowEvents(), this.#options.followAgainMs ?? followAgainMs)
      return
    }
    const request = this.#requests.get(failure.ref)
    if (!request) return
    if (passing.has(failure.code)) {
      setTimeout(() => this.#requests.has(request.message.ref) && this.#transmit(request.message.ref, request), passingMs)
      return
    }
    const wasDoneBefore = request.attempts > 1 && (failure.code === 'turn.not_waiting' || failure.code === 'turn.finished')
    if (wasDoneBefore) this.#settle(failure.ref, request)?.resolve({ type: 'ok', ref: failure.ref })
    else this.#settle(failure.ref, request)?.reject(error)
  }

  #deliver(id: TurnId, follower: Follower, items: TurnStreamItem[]): void {
    if (follower.onItems === undefined) {
      follower.waiting.push(...items)
      return
    }
    const fresh = items.filter((item) => isAfter(item.id, follower.after))
    const last = fresh.at(-1)
    if (!last) return
    follower.after = last.id
    if (fresh.some((item) => item.event.type === 'turn-ended')) this.#followers.delete(id)
    follower.onItems(fresh)
  }
}
