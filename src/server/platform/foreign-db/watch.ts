import type { Socket } from 'node:net'
import { type Limits, tooLarge, tooSlow } from './rows.ts'

export const connectTimeoutMs = 10_000
const lookEveryMs = 20

/** Ends a connection when too much has come, when it takes too long, or when nobody waits any more. The database keeps its own limits first; this is for one that does not. */
export function watch(socket: () => Socket, limits: Limits, signal: AbortSignal) {
  let reason: unknown
  const stop = (why: unknown) => {
    reason ??= why
    socket().destroy()
  }
  const onAbort = () => stop(signal.reason)
  const timer = setTimeout(() => stop(tooSlow(limits.timeoutMs)), connectTimeoutMs + limits.timeoutMs + 2_000)
  const look = setInterval(() => {
    if (socket().bytesRead > limits.maxBytes) stop(tooLarge(limits.maxBytes))
  }, lookEveryMs)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return {
    /** Why it was ended from here, if it was. */
    reason: () => reason,
    end() {
      clearTimeout(timer)
      clearInterval(look)
      signal.removeEventListener('abort', onAbort)
    },
  }
}
