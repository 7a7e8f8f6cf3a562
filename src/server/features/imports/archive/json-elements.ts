import { isUtf8 } from 'node:buffer'

/** One element of a JSON text: an element of the array at its top, or one of several values in a row. */
export type Element = { kind: 'value'; bytes: Buffer } | { kind: 'too_large' } | { kind: 'truncated' }

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const comma = 0x2c

/**
 * Cuts a JSON text into its elements without reading what is in them: it looks for the brackets outside of strings, and holds one element at a time. A text that ends within
 * an element gives what was whole before it, then `truncated`.
 */
export async function* jsonElements(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Element> {
  /** Open brackets, without the one of the array at the top. */
  let depth = 0
  let isInString = false
  let isEscaped = false
  /** A bracket at the top was seen: what is in it are the elements. */
  let isInArray = false
  let hasEnded = false
  let held: Buffer[] = []
  let heldBytes = 0
  let isTooLarge = false

  for await (const chunk of chunks) {
    let from = depth > 0 ? 0 : -1
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index]!
      if (isInString) {
        if (isEscaped) isEscaped = false
        else if (byte === backslash) isEscaped = true
        else if (byte === quote) isInString = false
        continue
      }
      if (byte === quote) isInString = true
      else if (byte === openBrace || byte === openBracket) {
        if (depth === 0 && byte === openBracket && !isInArray) {
          isInArray = true
          continue
        }
        if (depth === 0) from = index
        depth++
      } else if (byte === closeBrace || byte === closeBracket) {
        if (depth === 0) {
          isInArray = false
          hasEnded = true
          continue
        }
        depth--
        if (depth > 0) continue
        const last = chunk.subarray(from, index + 1)
        if (isTooLarge || heldBytes + last.length > maxBytes) yield { kind: 'too_large' }
        else yield { kind: 'value', bytes: held.length === 0 ? last : Buffer.concat([...held, last]) }
        held = []
        heldBytes = 0
        isTooLarge = false
        from = -1
      }
    }
    if (depth === 0 || from < 0) continue
    heldBytes += chunk.length - from
    if (heldBytes > maxBytes) {
      isTooLarge = true
      held = []
    } else held.push(chunk.subarray(from))
  }
  if (depth > 0 || isInString || (isInArray && !hasEnded)) yield { kind: 'truncated' }
}

/** The text of an element. Undefined: it is not UTF-8. */
export function textOfElement(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined
}

/** Whether a text begins as JSON does, after a byte order mark and blank space. */
export function looksLikeJson(beginning: Buffer): boolean {
  let at = beginning[0] === 0xef && beginning[1] === 0xbb && beginning[2] === 0xbf ? 3 : 0
  while (at < beginning.length && (beginning[at]! <= 0x20 || beginning[at] === comma)) at++
  return beginning[at] === openBrace || beginning[at] === openBracket
}
