import type { WebSocket } from 'ws'
import type { MessageId } from '../../../contract/ids.ts'
import { VisitorMessage, type VisitUpdate } from '../../../contract/visits.ts'
import { AppError } from '../../platform/errors/index.ts'
import { errorFrame, readFrame, refOf } from '../frames.ts'
import { followTurn } from '../../features/turns/index.ts'
import {
  actInSurface,
  endVisit,
  presentTurnEvent,
  pressQuickAction,
  say,
  type ShownMessage,
  type ShownVisit,
  showVisit,
  stopAnswer,
  type VisitDeps,
  type Visitor,
  wordsForRefusal,
} from '../../features/visits/index.ts'

/** Messages of one socket that are being answered at once. */
const maxPending = 16
const highWaterBytes = 512 * 1024
/** Whoever leaves so much unread has gone, or wants us to keep it. */
const maxUnsentBytes = 8 * 1024 * 1024
/** Frames of one socket a second, and how many of them at once: more than a person's client sends, so that a stranger cannot keep the database busy. */
const framesASecond = 5
const maxFramesAtOnce = 40

/**
 * A visitor's connection. What is said is an operation like on every surface; what is shown is read again whenever the visitor's stream says that something has
 * changed, whoever changed it.
 */
export class VisitSession {
  readonly #socket: WebSocket
  readonly #deps: VisitDeps
  /** Asked again for each message: the page may be gone, or another one by now. */
  readonly #recognise: () => Promise<Visitor>
  readonly #closed = new AbortController()
  /** What was sent of each message, so that only what is new is sent again. */
  readonly #sent = new Map<string, string>()
  readonly #followed = new Set<string>()
  #conversationId: string | undefined
  #pending = 0
  #frames = maxFramesAtOnce
  #framesAt = performance.now()
  #refreshing: Promise<void> | undefined
  #isStale = false

  constructor(socket: WebSocket, deps: VisitDeps, recognise: () => Promise<Visitor>) {
    this.#socket = socket
    this.#deps = deps
    this.#recognise = recognise
    socket.on('message', (data, isBinary) => void this.#receive(!isBinary && Buffer.isBuffer(data) ? data.toString() : undefined))
    socket.on('close', () => this.#closed.abort())
    socket.on('error', () => socket.terminate())
  }

  /** Shows the visit as it is, and what becomes of it. */
  async start(visitor: Visitor): Promise<void> {
    try {
      const { userStreams } = this.#deps.turnDeps.turns
      const { principalId } = visitor.actor
      // From here on nothing is missed: what happens while the visit is read is told afterwards.
      const since = await userStreams.lastPosition(principalId)
      const visit = await showVisit(this.#deps, visitor)
      this.#send({ type: 'visit', messages: (visit?.messages ?? []).map(onTheWire), handledBy: visit?.handledBy ?? 'bot' })
      this.#remember(visitor, visit)
      for await (const _ of userStreams.follow(principalId, since, this.#closed.signal)) await this.refresh()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Reads the visit again, and sends what has changed. */
  refresh(): Promise<void> {
    this.#isStale = true
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined))
    return this.#refreshing
  }

  async #refresh(): Promise<void> {
    while (this.#isStale && !this.#closed.signal.aborted) {
      this.#isStale = false
      const visitor = await this.#recognise()
      const visit = await showVisit(this.#deps, visitor)
      if (this.#conversationId !== undefined && visit?.conversationId !== this.#conversationId) {
        this.#sent.clear()
        this.#send({ type: 'ended' })
      }
      const changed = (visit?.messages ?? []).filter((message) => this.#isNews(message))
      if (changed.length > 0) this.#send({ type: 'messages', messages: changed.map(onTheWire) })
      this.#remember(visitor, visit)
    }
  }

  #isNews(message: ShownMessage): boolean {
    return this.#sent.get(message.id) !== JSON.stringify(message)
  }

  #remember(visitor: Visitor, visit: ShownVisit | undefined): void {
    this.#conversationId = visit?.conversationId
    for (const message of visit?.messages ?? []) {
      this.#sent.set(message.id, JSON.stringify(message))
      if (message.turnId && !this.#followed.has(message.turnId)) void this.#follow(visitor, message.turnId, message.id)
    }
  }

  /** An answer as it is written, from its beginning; then as it was kept. */
  async #follow(visitor: Visitor, turnId: string, messageId: MessageId): Promise<void> {
    this.#followed.add(turnId)
    try {
      const batches = await followTurn(this.#deps.turnDeps, visitor.actor, turnId, undefined, this.#closed.signal)
      for await (const items of batches) {
        for (const { event } of items) for (const update of presentTurnEvent(messageId, event)) this.#send(update)
        while (this.#socket.bufferedAmount > highWaterBytes && !this.#closed.signal.aborted)
          await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await this.refresh()
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#followed.delete(turnId)
    }
  }

  #mayAsk(): boolean {
    const now = performance.now()
    this.#frames = Math.min(maxFramesAtOnce, this.#frames + ((now - this.#framesAt) / 1000) * framesASecond)
    this.#framesAt = now
    if (this.#frames < 1) return false
    this.#frames -= 1
    return true
  }

  async #receive(text: string | undefined): Promise<void> {
    // Not answered: an answer for each would be what a flood is after.
    if (!this.#mayAsk()) return this.#socket.close(1008, 'too many messages')
    let message: VisitorMessage
    try {
      message = readFrame(VisitorMessage, text)
    } catch (error) {
      this.#sendError(refOf(text), error)
      return
    }
    if (message.type === 'ping') return this.#send({ type: 'pong', ref: message.ref })
    if (this.#pending >= maxPending) return this.#sendError(message.ref, new AppError('request.rate_limited'))
    this.#pending++
    try {
      await this.#handle(message, await this.#recognise())
    } catch (error) {
      this.#sendError(message.ref, error)
    } finally {
      this.#pending--
    }
  }

  async #handle(message: Exclude<VisitorMessage, { type: 'ping' }>, visitor: Visitor): Promise<void> {
    const ok = (messageId: string | null) => this.#send({ type: 'ok', ref: message.ref, messageId: messageId as MessageId | null })
    switch (message.type) {
      case 'say':
        return ok((await say(this.#deps, visitor, message)).messageId)
      case 'press':
        return ok((await pressQuickAction(this.#deps, visitor, message)).messageId)
      case 'act':
        return ok((await actInSurface(this.#deps, visitor, message)).messageId)
      case 'stop':
        await stopAnswer(this.#deps, visitor)
        return ok(null)
      case 'end':
        await endVisit(this.#deps, visitor)
        await this.refresh()
        return ok(null)
    }
  }

  #send(update: VisitUpdate): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#socket.bufferedAmount > maxUnsentBytes) return this.#socket.terminate()
    this.#socket.send(JSON.stringify(update))
  }

  /** A stream that just stops would look like one in which nothing happens. Whoever comes back is shown the whole visit. */
  #fail(error: unknown): void {
    if (this.#closed.signal.aborted) return
    this.#sendError(null, error)
    this.#socket.close(error instanceof AppError && error.status < 500 ? 4404 : 1011, 'the visit cannot be shown')
  }

  #sendError(ref: string | null, error: unknown): void {
    const frame = errorFrame(ref, error, this.#deps.log)
    this.#send({ ...frame, ...wordsForRefusal(frame.code) })
  }
}

function onTheWire({ turnId: _, ...message }: ShownMessage) {
  return message
}
