import type { ImportNotes } from '../../../contract/imports.ts'
import { beginningOf, storableJson } from '../../platform/db/storable-json.ts'
import type { ImportedMessage, StoredPart } from '../conversations/index.ts'
import type { ReadConversation, ReadMessage } from './formats/read-conversation.ts'
import { orderTree } from './order-tree.ts'

/** What a message says beyond so many characters is cut off, and reported. */
export const maxMessageLength = 4_000_000
const maxTitleLength = 200
const titleFromText = 80
const maxTags = 20
const previewLength = 200

/** Plain values: they come from a worker. */
export interface TidyConversation extends Omit<ReadConversation, 'messages' | 'notes' | 'createdAt' | 'updatedAt'> {
  createdAt: Date
  updatedAt: Date
  /** Parents before what follows them. */
  messages: ImportedMessage[]
  preview: string | null
  /** As in `ImportedConversation`. */
  texts: Uint8Array
  notes: ImportNotes
}

/** A conversation from an archive as one that could have been held here. */
export function tidyConversation(read: ReadConversation, now: Date): TidyConversation {
  const { notes } = read
  const ordered = orderTree(read.messages, notes)
  const atOf = new Map<string, Date>()
  const fallback = read.createdAt ?? ordered.find(({ at }) => at)?.at ?? read.updatedAt ?? now
  const headId = read.headId !== null && ordered.some(({ id }) => id === read.headId) ? read.headId : null
  const pieces: Buffer[] = []
  let length = 0
  let preview: string | null = null
  const messages = ordered.map((message): ImportedMessage => {
    const at = message.at ?? (message.parentId === null ? undefined : atOf.get(message.parentId)) ?? fallback
    if (!message.at) notes.add('times_replaced')
    atOf.set(message.id, at)
    const { id, parentId, role, model, feedback } = message
    const parts = withinLimit(message.parts, () => notes.add('texts_cut'))
    const bytes = Buffer.from(storableJson(parts))
    const partsAt = length
    length += bytes.length
    pieces.push(bytes)
    if (id === headId || headId === null) preview = previewOf(parts)
    return { id, parentId, role, model, feedback, at, partsAt, partsLength: bytes.length }
  })
  let first = fallback
  let last = read.updatedAt ?? fallback
  for (const { at } of messages) {
    if (at < first) first = at
    if (at > last) last = at
  }
  return {
    ...read,
    title: titleOf(read.title, ordered),
    createdAt: first,
    updatedAt: last,
    headId,
    preview,
    texts: joined(pieces, length),
    tags: [...new Set(read.tags)].slice(0, maxTags).sort((a, b) => a.localeCompare(b)),
    messages,
    notes: notes.counts,
  }
}

/** In a buffer of its own, which goes from one thread to another without being copied. */
function joined(pieces: readonly Buffer[], length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

function titleOf(given: string, messages: readonly ReadMessage[]): string {
  const title = oneLine(given.slice(0, 4 * maxTitleLength))
  if (title) return beginningOf(title, maxTitleLength)
  const said = messages.find(({ role }) => role === 'user')?.parts.find((part) => part.type === 'text')
  return said?.type === 'text' ? beginningOf(oneLine(said.text.slice(0, 4 * titleFromText)), titleFromText) : ''
}

/** How it is shown in lists. */
function previewOf(parts: readonly StoredPart[]): string | null {
  const text = parts.findLast((part) => part.type === 'text')
  return text?.type === 'text' ? beginningOf(oneLine(text.text.slice(0, 4 * previewLength)), previewLength) : null
}

const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()

function withinLimit(parts: StoredPart[], onCut: () => void): StoredPart[] {
  let room = maxMessageLength
  let isCut = false
  const cut = (text: string): string => {
    if (text.length <= room) {
      room -= text.length
      return text
    }
    const kept = beginningOf(text, room)
    room = 0
    isCut = true
    return kept
  }
  const kept = parts.map((part): StoredPart => {
    if (part.type === 'text' || part.type === 'reasoning')
      return part.text.length <= room ? ((room -= part.text.length), part) : { ...part, text: cut(part.text) }
    if (part.type !== 'tool-call') return part
    const size = sizeOf(part.arguments)
    if (size <= room) room -= size
    else isCut = true
    return { ...part, ...(size > maxMessageLength && { arguments: {} }), ...(part.result !== null && { result: cut(part.result) }) }
  })
  if (isCut) onCut()
  return kept
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 8
  let size = 2
  for (const inner of Object.values(value)) size += sizeOf(inner) + 4
  return size
}
