import type { Answer, Asked, Fault } from '../script.ts'

/** One piece of a streamed answer, ready for the socket. A paced piece waits for the next token's time. */
export interface Frame {
  data: string
  isPaced: boolean
}

export interface WireError {
  status: number
  headers?: Record<string, string>
  body: unknown
}

/** A provider's format: what a request asks, and how an answer, a stream of it, and a failure look. */
export interface Wire {
  readonly contentType: string
  read(body: Record<string, unknown>, path: string): Asked
  whole(answer: Answer): unknown
  frames(answer: Answer, body: Record<string, unknown>): Frame[]
  error(fault: Fault, retryAfterSeconds: number): WireError
  /** What a stream says when the provider fails in the middle. */
  streamError(): string
}

export const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`
export const event = (value: { type: string }): string => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`
export const paced = (text: string): Frame => ({ data: text, isPaced: true })
export const now = (text: string): Frame => ({ data: text, isPaced: false })

/** Arguments arrive in several pieces, cut where JSON is not yet complete. */
export function pieces(text: string): string[] {
  const size = Math.max(4, Math.ceil(text.length / 4))
  return text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? ['']
}

export const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
export const asList = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(asRecord) : [])
export const asText = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The files of a message, whichever way a format puts them: type and size, as `image/png 68`. */
export function filesIn(content: unknown): string[] {
  return asList(content).flatMap((part) => {
    const source = asRecord(part.source)
    const inline = asRecord(part.inlineData)
    const address = [asRecord(part.image_url).url, part.image_url, asRecord(part.file).file_data, part.file_data].find(
      (one): one is string => typeof one === 'string',
    )
    const data = /^data:([^;,]+);base64,(.*)$/s.exec(address ?? '')
    const [type, base64] = data ? [data[1], data[2]] : [source.media_type ?? inline.mimeType, source.data ?? inline.data]
    return typeof type === 'string' && typeof base64 === 'string' ? [`${type} ${Buffer.from(base64, 'base64').length}`] : []
  })
}

/** The text of a message whose content is a string or a list of parts. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  return asList(content)
    .map((part) => asText(part.text))
    .join('')
}
