import { randomFillSync } from 'node:crypto'

const pool = new Uint8Array(4096)
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
  const random = pool.subarray(used, used + 8)
  used += 8

  const now = Date.now()
  if (now > lastMs) {
    lastMs = now
    counter = random[0]! // starts low, so that it does not overflow within one millisecond
  } else if (++counter > 0xfff) {
    lastMs += 1
    counter = 0
  }
  const time = lastMs.toString(16).padStart(12, '0')
  const sequence = counter.toString(16).padStart(3, '0')
  const variant = ((random[1]! & 0x3f) | 0x80).toString(16)
  let tail = ''
  for (let index = 1; index < 8; index++) tail += (index === 1 ? random[0]! : random[index]!).toString(16).padStart(2, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${variant}${tail.slice(0, 2)}-${tail.slice(2)}` as Id
}
