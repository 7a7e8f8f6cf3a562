/**
 * Runs work, so many at once. What waits is taken from its owners in turn, so that a hundred pieces of somebody's hold up one of somebody else's by
 * one piece, not by a hundred. What is given up while it waits is not begun, and fails by the signal's reason.
 */
export function createLane(width: number): <Result>(owner: string, work: () => Promise<Result>, signal?: AbortSignal) => Promise<Result> {
  /** In the order in which owners are next. */
  const waiting = new Map<string, (() => void)[]>()
  let running = 0

  function takeNext(): (() => void) | undefined {
    for (const [owner, pieces] of waiting) {
      const next = pieces.shift()
      // To the end of the line, where more of theirs waits.
      waiting.delete(owner)
      if (pieces.length > 0) waiting.set(owner, pieces)
      return next
    }
    return undefined
  }

  async function whenNext(owner: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    waiting.set(owner, [...(waiting.get(owner) ?? []), resolve])
    const leave = () => {
      const pieces = waiting.get(owner) ?? []
      // Called in the same moment: it is begun.
      if (!pieces.includes(resolve)) return
      const left = pieces.filter((one) => one !== resolve)
      if (left.length > 0) waiting.set(owner, left)
      else waiting.delete(owner)
      reject(signal!.reason)
    }
    signal?.addEventListener('abort', leave, { once: true })
    await promise.finally(() => signal?.removeEventListener('abort', leave))
  }

  return async (owner, work, signal) => {
    if (running < width) running++
    else await whenNext(owner, signal)
    try {
      return await work()
    } finally {
      const next = takeNext()
      if (next) next()
      else running--
    }
  }
}
