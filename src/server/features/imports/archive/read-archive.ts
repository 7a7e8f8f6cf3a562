import type { ImportReason } from '../../../../contract/imports.ts'
import type { Json } from '../formats/json.ts'
import { readConversation } from '../formats/find-format.ts'
import { tidyConversation, type TidyConversation } from '../tidy-conversation.ts'
import { type Archive, damagedUnless } from './open-archive.ts'
import { type Element, jsonElements, textOfElement } from './json-elements.ts'

/** The text of one conversation. A hundred thousand messages are some two hundred megabytes. */
const maxConversationBytes = 256 * 1024 * 1024

export interface ReadItem {
  /** In the order of the archive. */
  position: number
  /** Of its text. */
  bytes: number
  /** What was read, or why there is nothing. */
  read: TidyConversation | ImportReason
}

/** The conversations of an archive from a position on, one after the other. Those before it are passed over without being parsed. Error: `import.damaged`, after what was whole. */
export async function* readArchive(archive: Archive, fromPosition: number): AsyncGenerator<ReadItem> {
  let position = 0
  for (const text of archive.texts) {
    const stream = await text.read()
    try {
      const elements = jsonElements(stream, maxConversationBytes)
      for (;;) {
        const next = await damagedUnless(elements.next())
        if (next.done) break
        const bytes = next.value.kind === 'value' ? next.value.bytes.length : 0
        if (position >= fromPosition) yield { position, bytes, read: readElement(next.value) }
        position++
      }
    } finally {
      stream.destroy()
    }
  }
}

function readElement(element: Element): TidyConversation | ImportReason {
  if (element.kind !== 'value') return element.kind
  const text = textOfElement(element.bytes)
  if (text === undefined) return 'not_utf8'
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    return 'invalid_json'
  }
  try {
    const read = readConversation(value)
    return read && read.externalId !== '' ? tidyConversation(read, new Date()) : 'not_understood'
  } catch (error) {
    // Nested deeper than any reader goes.
    if (error instanceof RangeError) return 'not_understood'
    throw error
  }
}
