import { createHash, randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(8192)
let used = pool.length
let lastMs = 0
let counter = 0

/**
 * A UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, then a 12-bit counter that keeps ids of one process and millisecond in order, then
 * 62 random bits. Ids are neither secret nor an order across processes.
 */
export function newId<Id extends string = string>(): Id {
  if (used + 8 > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const now = Date.now()
  if (now > lastMs) {
    lastMs = now
    counter = 0
  } else if (++counter > 0xfff) {
    lastMs += 1
    counter = 0
  }
  pool[used] = (pool[used]! & 0x3f) | 0x80 // the variant
  const random = pool.toString('hex', used, used + 8)
  used += 8
  const time = lastMs.toString(16).padStart(12, '0')
  const sequence = (0x7000 + counter).toString(16) // the version and the counter
  return `${time.slice(0, 8)}-${time.slice(8)}-${sequence}-${random.slice(0, 4)}-${random.slice(4)}` as Id
}

/**
 * The id that these words always give: for what is sent twice and must be there once. Keys that clients choose stand behind something that is theirs alone, so that
 * none names a row of somebody else. UUID version 8 (RFC 9562).
 */
export function derivedId(...words: string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(words)).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
