import { plainWords } from '../../platform/mcp/index.ts'

/** A piece of a result, as the protocol has them. */
interface Content {
  type: string
  text?: string
  data?: string
  mimeType?: string
  name?: string
  uri?: string
  description?: string
  resource?: ResourceContents
}

interface ResourceContents {
  uri: string
  mimeType?: string
  text?: string
  blob?: string
}

export interface ToolResult {
  content?: unknown
  structuredContent?: unknown
}

/** Longer than what is kept of a result, so that the cut is made in one place and says so. */
const maxLength = 400_000

/** What a tool answered, in words for a model: text as it is, everything else said. */
export function wordsOfResult({ content, structuredContent }: ToolResult): string {
  const pieces = (Array.isArray(content) ? (content as Content[]) : []).map(wordsOf).filter(Boolean)
  // Servers that answer with a structure are asked to say the same as text; who does not is quoted.
  const hasText = pieces.length > 0
  if (!hasText && structuredContent !== undefined) pieces.push(JSON.stringify(structuredContent, null, 2))
  return plainWords(pieces.join('\n\n'), maxLength, 'keep') || '(The tool answered with nothing.)'
}

export function wordsOfResource(contents: readonly ResourceContents[]): string {
  return plainWords(contents.map(wordsOfContents).join('\n\n'), maxLength, 'keep') || '(empty)'
}

function wordsOf(piece: Content): string {
  switch (piece.type) {
    case 'text':
      return piece.text ?? ''
    case 'image':
      return `[An image (${kindOf(piece)}), which is not shown here.]`
    case 'audio':
      return `[A recording (${kindOf(piece)}), which is not played here.]`
    case 'resource':
      return piece.resource ? wordsOfContents(piece.resource) : ''
    case 'resource_link':
      return `[A resource: ${piece.name ?? piece.uri ?? ''} — ${piece.uri ?? ''}${piece.description ? `: ${piece.description}` : ''}]`
    default:
      return `[Something of the kind ${piece.type}, which is not known here.]`
  }
}

function wordsOfContents({ uri, mimeType, text, blob }: ResourceContents): string {
  if (text !== undefined) return `${uri}:\n${text}`
  return `[${uri}: ${mimeType ?? 'a file'}, ${sizeOf(blob ?? '')}, which is not text.]`
}

function kindOf({ mimeType, data }: Content): string {
  return `${mimeType ?? 'of an unknown kind'}, ${sizeOf(data ?? '')}`
}

function sizeOf(base64: string): string {
  const bytes = Math.floor((base64.length * 3) / 4)
  return bytes < 1_000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
