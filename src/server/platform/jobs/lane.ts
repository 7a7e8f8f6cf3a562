/**
 * Runs work, so many at once. What waits is taken from its owners in turn, so that a hundred pieces of somebody's hold up one of somebody else's by
 * one piece, not by a hundred.
 */
export function createLane(width: number): <Result>(owner: string, work: () => Promise<Result>) => Promise<Result> {
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

  return async (owner, work) => {
    if (running < width) running++
    else await new Promise<void>((resolve) => waiting.set(owner, [...(waiting.get(owner) ?? []), resolve]))
    try {
      return await work()
    } finally {
      const next = takeNext()
      if (next) next()
      else running--
    }
  }
}
