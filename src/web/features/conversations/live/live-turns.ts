import type { TurnId } from '../../../../contract/ids.ts'
import type { Part } from '../../../../contract/messages.ts'
import type { TurnStreamItem } from '../../../../contract/turns.ts'
import type { Socket } from './socket.ts'
import { type Answer, applyItems, beginAnswer } from './turn-stream.ts'

interface LiveTurn {
  answer: Answer
  /** What was known before the stream began to be read; shown until the stream has caught up with it. */
  known: readonly Part[]
  shown: Answer
  users: number
  unfollow: () => void
}

interface LiveTurnsOptions {
  socket: Pick<Socket, 'followTurn'>
  /** The answer has ended, or cannot be followed any more (`undefined`): what is stored is right now. */
  onEnd: (id: TurnId, answer: Answer | undefined) => void
  /** Calls back before the next paint. */
  schedule?: (callback: () => void) => void
}

/** Every answer that is being written, read once a tab however many places show it. Drawn at most once a frame. */
export class LiveTurns {
  readonly #options: LiveTurnsOptions
  readonly #turns = new Map<TurnId, LiveTurn>()
  /** By turn, and whether or not it is followed yet: who shows an answer may be there before it begins. */
  readonly #listeners = new Map<TurnId, Set<() => void>>()
  readonly #stateListeners = new Set<() => void>()
  readonly #changed = new Set<TurnId>()
  #states = 0
  #isScheduled = false

  constructor(options: LiveTurnsOptions) {
    this.#options = options
  }

  /** Returns the way out. `begin` is what is stored of the answer by now. */
  follow(id: TurnId, begin: Pick<Answer, 'state' | 'parts'>): () => void {
    let turn = this.#turns.get(id)
    if (!turn) {
      const answer = beginAnswer({ state: begin.state })
      turn = { answer, known: begin.parts, shown: { ...answer, parts: begin.parts }, users: 0, unfollow: () => undefined }
      this.#turns.set(id, turn)
      this.#read(id, turn)
      this.#stateChanged()
    }
    turn.users += 1
    const followed = turn
    let isLeft = false
    return () => {
      if (isLeft) return
      isLeft = true
      followed.users -= 1
      if (followed.users > 0 || this.#turns.get(id) !== followed) return
      followed.unfollow()
      this.#turns.delete(id)
    }
  }

  get = (id: TurnId): Answer | undefined => this.#turns.get(id)?.shown

  subscribe(id: TurnId, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set()
    this.#listeners.set(id, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(id)
    }
  }

  /** Changes whenever some turn began, waits, goes on or ended; not with every word. */
  get states(): number {
    return this.#states
  }

  subscribeStates = (listener: () => void): (() => void) => {
    this.#stateListeners.add(listener)
    return () => void this.#stateListeners.delete(listener)
  }

  #read(id: TurnId, turn: LiveTurn): void {
    turn.unfollow = this.#options.socket.followTurn(
      id,
      turn.answer.after,
      (items) => this.#receive(id, turn, items),
      () => this.#end(id, undefined),
    )
  }

  #receive(id: TurnId, turn: LiveTurn, items: TurnStreamItem[]): void {
    const stateBefore = turn.answer.state
    turn.answer = applyItems(turn.answer, items)
    if (turn.answer.isBroken) {
      // Read it again from its start, and keep showing what there is.
      turn.unfollow()
      turn.known = turn.shown.parts
      turn.answer = beginAnswer({ state: turn.answer.state })
      return this.#read(id, turn)
    }
    const isAuthoritative = items.some(
      ({ event }) => event.type === 'turn-resumed' || event.type === 'snapshot' || event.type === 'turn-ended',
    )
    if (isAuthoritative || sizeOf(turn.answer.parts) >= sizeOf(turn.known)) turn.known = []
    turn.shown = turn.known.length > 0 ? { ...turn.answer, parts: turn.known } : turn.answer
    if (items.some(({ event }) => event.type === 'turn-ended')) return this.#end(id, turn.answer)
    this.#changed.add(id)
    this.#schedule()
    if (turn.answer.state !== stateBefore) this.#stateChanged()
  }

  #end(id: TurnId, answer: Answer | undefined): void {
    this.#turns.delete(id)
    this.#options.onEnd(id, answer)
    this.#notify(id)
    this.#stateChanged()
  }

  #stateChanged(): void {
    this.#states += 1
    for (const listener of this.#stateListeners) listener()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    const schedule = this.#options.schedule ?? beforeNextPaint
    schedule(() => {
      this.#isScheduled = false
      const changed = [...this.#changed]
      this.#changed.clear()
      for (const id of changed) this.#notify(id)
    })
  }

  #notify(id: TurnId): void {
    for (const listener of this.#listeners.get(id) ?? []) listener()
  }
}

/** A hidden tab paints nothing, so it is told from time to time instead. */
function beforeNextPaint(callback: () => void): void {
  if (document.visibilityState === 'hidden') setTimeout(callback, 500)
  else requestAnimationFrame(callback)
}

function sizeOf(parts: readonly Part[]): number {
  return parts.reduce((size, part) => size + 1 + (part.type === 'text' || part.type === 'reasoning' ? part.text.length : 0), 0)
}
