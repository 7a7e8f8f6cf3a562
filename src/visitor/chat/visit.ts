import type { SurfaceAction, VisitorMessage, VisitUpdate } from '../../contract/visits.ts'
import { addressOf, admit, type Place } from './admission.ts'
import { Connection, type ConnectionState } from './connection.ts'
import type { Kept } from './kept.ts'
import { applied, emptyVisit, type VisitState, type Waiting, type Wish, withWish } from './visit-state.ts'

interface VisitListener {
  onChange: (state: VisitState) => void
  onConnection: (state: ConnectionState) => void
  /** The server would not do it. `text` is what was written, which must not be lost. */
  onRefused: (words: string, text: string | null) => void
}

/** The server is going away, or still busy with our first attempt: the same wish is good again in a moment. */
const passing: ReadonlySet<string> = new Set(['server.stopping', 'idempotency.in_flight', 'database.unavailable'])
const passingMs = 1_000

export interface Visit {
  readonly state: VisitState
  start: () => void
  wish: (wish: WithoutKey) => void
  stopAnswer: () => void
  /** Shows an empty visit; the ended one stays as it was on the server. */
  clear: () => void
}

type WithoutKey =
  | { type: 'say'; text: string }
  | { type: 'press'; index: number; text: string }
  | { type: 'act'; messageId: Extract<Wish, { type: 'act' }>['messageId']; action: SurfaceAction }

/**
 * A visitor's conversation with a page: what is known of it, and what is still to be said. Wishes outlive the connection, and a reload of the page
 * (`session`); sent again they carry the same key.
 */
export function openVisit(place: Place, storage: Kept, session: Kept, listener: VisitListener): Visit {
  let state: VisitState = { ...emptyVisit, wishes: readWishes(session) }
  let protocols = ['parley']

  const change = (next: VisitState) => {
    if (next === state) return
    if (next.wishes !== state.wishes) session.write('wishes', next.wishes.length > 0 ? JSON.stringify(next.wishes) : null)
    state = next
    listener.onChange(state)
  }
  const connection = new Connection({
    open: async (isAdmitted) => {
      if (!isAdmitted) protocols = await admit(place, storage)
      return new WebSocket(addressOf(place, 'socket').replace(/^http/, 'ws'), protocols)
    },
    onUpdate: receive,
    onState: (next) => {
      if (next.state === 'open') state.wishes.forEach(transmit)
      if (next.state === 'refused') giveBack(next.words)
      listener.onConnection(next)
    },
  })
  const transmit = (wish: Waiting) => connection.send(messageOf(wish))

  function giveBack(words: string): void {
    const texts = state.wishes.flatMap((wish) => (wish.type === 'say' ? [wish.text] : []))
    change({ ...state, wishes: [] })
    listener.onRefused(words, texts.length > 0 ? texts.join('\n\n') : null)
  }

  function receive(update: VisitUpdate): void {
    if (update.type !== 'error') return change(applied(state, update))
    const wish = state.wishes.find(({ key }) => key === update.ref)
    if (!wish) return
    if (passing.has(update.code)) {
      setTimeout(() => state.wishes.includes(wish) && transmit(wish), passingMs)
      return
    }
    change(applied(state, update))
    listener.onRefused(`${update.message} ${update.action}`.trim(), wish.type === 'say' ? wish.text : null)
  }

  addEventListener('online', () => connection.wake())
  addEventListener('offline', () => connection.wake())
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && connection.wake())

  return {
    get state() {
      return state
    },
    start: () => connection.start(),
    wish: (wish) => {
      change(withWish(state, { ...wish, key: newKey() }))
      connection.start()
      transmit(state.wishes.at(-1)!)
    },
    stopAnswer: () => connection.send({ type: 'stop', ref: 'stop' }),
    clear: () => change({ ...emptyVisit, wishes: state.wishes }),
  }
}

/** A random UUID; the browser's own function is missing on pages without https. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function messageOf(wish: Waiting): VisitorMessage {
  const { key } = wish
  switch (wish.type) {
    case 'say':
      return { type: 'say', ref: key, key, text: wish.text }
    case 'press':
      return { type: 'press', ref: key, key, index: wish.index }
    case 'act':
      return { type: 'act', ref: key, key, messageId: wish.messageId, action: wish.action }
  }
}

/** Written by this program before a reload. */
function readWishes(session: Kept): Waiting[] {
  const wishes: unknown = JSON.parse(session.read('wishes') ?? '[]')
  return Array.isArray(wishes) ? (wishes as Waiting[]).map((wish) => ({ ...wish, after: 0 })) : []
}
