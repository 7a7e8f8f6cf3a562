import { createHash } from 'node:crypto'
import type { TextQuote } from '../../../contract/highlights.ts'

/** What makes a passage the same one: blank space and how letters are composed do not matter. */
export function selectorHash(messageId: string, { exact, prefix, suffix }: TextQuote): Buffer {
  const parts = [messageId, ...[exact, prefix, suffix].map((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim())]
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}
