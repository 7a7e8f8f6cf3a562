import type { ReadItem } from './archive/read-archive.ts'

export interface BatchSize {
  bytes: number
  conversations: number
}

/** So many conversations as one transaction takes, no two of them the same. What came before an error is given first. */
export async function* batchesOf(items: AsyncIterable<ReadItem>, size: BatchSize): AsyncGenerator<ReadItem[]> {
  let batch: ReadItem[] = []
  let keys = new Set<string>()
  let bytes = 0
  let failure: { error: unknown } | undefined
  const next = () => {
    const full = batch
    batch = []
    keys = new Set()
    bytes = 0
    return full
  }
  const iterator = items[Symbol.asyncIterator]()
  try {
    for (;;) {
      const read = await iterator.next().catch((error: unknown) => {
        failure = { error }
        return undefined
      })
      if (!read || read.done) break
      const item = read.value
      const key = typeof item.read === 'string' ? '' : `${item.read.source} ${item.read.externalId}`
      if (batch.length > 0 && (bytes + item.bytes > size.bytes || (key !== '' && keys.has(key)))) yield next()
      batch.push(item)
      keys.add(key)
      bytes += item.bytes
      // Not with the next one: reading that may fail.
      if (bytes >= size.bytes || batch.length >= size.conversations) yield next()
    }
  } finally {
    if (!failure) await iterator.return?.()
  }
  if (batch.length > 0) yield next()
  if (failure) throw failure.error
}

/** Has the next value made while the last one is worked on. */
export async function* ahead<Value>(values: AsyncGenerator<Value>): AsyncGenerator<Value> {
  let next = values.next()
  // Whoever leaves in between is not told of what went wrong after that.
  next.catch(() => undefined)
  try {
    for (;;) {
      const { done, value } = await next
      if (done) return
      next = values.next()
      next.catch(() => undefined)
      yield value
    }
  } finally {
    await next.catch(() => undefined)
    await values.return(undefined)
  }
}
