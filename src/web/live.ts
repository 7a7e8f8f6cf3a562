import type { UserEvent } from '../contract/events.ts'

/** What the rest of the app hears of the socket. The socket publishes; queries, the sidebar and the banner subscribe. */
export type LiveEvent = UserEvent | { type: 'reset' }
type Listener = (event: LiveEvent) => void

const listeners = new Set<Listener>()

/** A person's own events as they arrive. `reset`: some were missed; load afresh. Returns the way out. */
export function onUserEvent(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function publishUserEvent(event: LiveEvent): void {
  for (const listener of listeners) listener(event)
}

/** `idle`: nobody signed in, or not tried yet. `waiting`: lost, and trying again at `retryAt` (ms since the epoch). */
export type Connection = { state: 'idle' } | { state: 'open' } | { state: 'connecting' } | { state: 'waiting'; retryAt: number }

let connection: Connection = { state: 'idle' }
const connectionListeners = new Set<() => void>()

export function setConnection(next: Connection): void {
  connection = next
  for (const listener of connectionListeners) listener()
}

export const getConnection = (): Connection => connection

export function subscribeConnection(listener: () => void): () => void {
  connectionListeners.add(listener)
  return () => void connectionListeners.delete(listener)
}
