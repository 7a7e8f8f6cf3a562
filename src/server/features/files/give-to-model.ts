import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from '@ai-sdk/provider'
import type { FilePart } from '../../../contract/messages.ts'
import type { ModelInput, Provider } from '../../../contract/models.ts'
import type { Deps } from '../../deps.ts'
import { imageTokens, pdfTokens } from '../../platform/llm/index.ts'
import * as store from './store.ts'

/** What is known of the model that will read it. */
export interface Reader {
  provider: Provider
  inputs: readonly ModelInput[]
  maxContext: number | null
}

export type GivenFile = LanguageModelV4FilePart | LanguageModelV4TextPart

/** Providers take some 30 MB in a request, of which base64 makes a third more. */
const maxNativeBytes = 20 * 1024 * 1024
/** Where the context of a model is not known. */
const usualContext = 64_000
/** Of the context, for the text of all files together. */
const textShare = 0.5
const charactersPerToken = 3.5

/** About how many tokens a file counts, given the way it will be. */
export function tokensOf(part: FilePart, reader: Reader): number {
  if (isNative(part, reader)) {
    return part.kind === 'image'
      ? imageTokens(reader.provider, part.width ?? 1024, part.height ?? 1024)
      : pdfTokens(reader.provider, part.pageCount ?? 1, part.textTokens)
  }
  return Math.min(part.textTokens ?? 0, textRoom(reader) / charactersPerToken) + noticeTokens
}
const noticeTokens = 60

/** What providers refuse beyond, and with it every later message of the conversation. By their documentation; the smallest where several are named. */
const maxPages = { anthropic: 100, google: 1000 }
const maxPagesElsewhere = 100
const maxImage = { anthropic: { bytes: 5 * 1024 * 1024, pixels: 8000 } }

function isNative({ kind, pageCount, sizeBytes, width, height }: FilePart, { provider, inputs }: Reader): boolean {
  if (kind === 'text' || !inputs.includes(kind)) return false
  if (kind === 'pdf')
    return (pageCount ?? 1) <= (provider === 'anthropic' || provider === 'google' ? maxPages[provider] : maxPagesElsewhere)
  if (provider !== 'anthropic') return true
  return sizeBytes <= maxImage.anthropic.bytes && Math.max(width ?? 1, height ?? 1) <= maxImage.anthropic.pixels
}
const textRoom = ({ maxContext }: Reader) => (maxContext ?? usualContext) * textShare * charactersPerToken

/**
 * The files of a path as the model gets them, by attachment: as they are where it takes them, else as text, else as words that say what is missing. Read when a model is
 * called and let go with the call. The newest come first where not all have room.
 */
export async function giveFiles(
  deps: Pick<Deps, 'db' | 'files'>,
  conversationId: string,
  parts: readonly FilePart[],
  reader: Reader,
): Promise<Map<string, GivenFile>> {
  const given = new Map<string, GivenFile>()
  const rows = new Map(
    (
      await store.listOfConversation(
        deps.db,
        conversationId,
        parts.map(({ attachmentId }) => attachmentId),
      )
    ).map((row) => [row.id, row]),
  )
  let nativeRoom = maxNativeBytes
  let room = textRoom(reader)
  for (const part of parts.toReversed()) {
    const row = rows.get(part.attachmentId)
    if (row && isNative(part, reader) && part.sizeBytes <= nativeRoom) {
      const data = await deps.files.read(row.key)
      if (data) {
        nativeRoom -= data.byteLength
        given.set(part.attachmentId, {
          type: 'file',
          mediaType: part.mime,
          filename: part.name,
          data: { type: 'data', data: new Uint8Array(data) },
          // Providers ignore what is not addressed to them; the reservation counts by it.
          providerOptions: { parley: { tokens: tokensOf(part, reader) } },
        })
        continue
      }
    }
    if (row?.text_key && room <= 0) {
      given.set(part.attachmentId, { type: 'text', text: leftOut(part) })
      continue
    }
    const text = row?.text_key ? (await deps.files.read(row.text_key))?.toString('utf8') : undefined
    given.set(part.attachmentId, {
      type: 'text',
      text: text === undefined ? missing(part, row !== undefined, reader) : asText(part, text, room),
    })
    room = Math.max(0, room - (text?.length ?? 0))
  }
  return given
}

const leftOut = (part: FilePart) =>
  `[The file "${part.name.replaceAll(/["<>]/g, "'")}" was left out: the files of this conversation are longer than there is room for.]`

function asText(part: FilePart, text: string, room: number): string {
  const name = part.name.replaceAll(/["<>]/g, "'")
  const shown = text.slice(0, room)
  const note = shown.length < text.length ? `\n[The file is cut here: ${shown.length} of ${text.length} characters.]` : ''
  return `<file name="${name}"${part.pageCount === null ? '' : ` pages="${part.pageCount}"`}>\n${shown}${note}\n</file>`
}

function missing(part: FilePart, isThere: boolean, { inputs }: Reader): string {
  const name = part.name.replaceAll(/["<>]/g, "'")
  if (!isThere) return `[The file "${name}" was attached here and has been deleted.]`
  if (part.kind === 'image') {
    const why = inputs.includes('image') ? 'it is larger than this model takes, or there is no room for it' : 'this model takes no pictures'
    return `[The picture "${name}" (${part.mime}, ${part.width} × ${part.height} pixels) is attached, but cannot be seen: ${why}. Say so where it matters.]`
  }
  const why = part.kind === 'pdf' && part.textTokens === null ? 'no text could be found in it; it may be scanned' : 'it could not be read'
  return `[The file "${name}" (${part.mime}${part.pageCount === null ? '' : `, ${part.pageCount} pages`}) is attached, but cannot be read: ${why}. Say so where it matters.]`
}
