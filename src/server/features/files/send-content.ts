import { Readable } from 'node:stream'
import { AppError } from '../../platform/errors/index.ts'
import type { HttpContext } from '../../platform/http/index.ts'
import type { FileStore } from '../../platform/files/index.ts'
import type { AttachmentRow } from './store.ts'

/** Nothing that is opened by itself may load, run or frame anything. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
/** Browsers show a PDF by a viewer of their own, which a sandbox would keep from starting and which runs nothing in this origin. */
const policyOfPdf = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"

/**
 * The bytes as the type that they were found to be, whatever their name says: no browser may guess another one. `isKept`: by the browser of whoever may read it,
 * which asks each time whether it still may.
 */
export async function sendContent(
  c: HttpContext,
  files: FileStore,
  row: Pick<AttachmentRow, 'key' | 'size' | 'mime' | 'kind' | 'name' | 'etag'>,
  { isDownload, isKept }: { isDownload: boolean; isKept: boolean },
): Promise<Response> {
  const size = Number(row.size)
  const etag = `"${row.etag ?? row.key}"`
  c.header('content-type', row.kind === 'text' ? 'text/plain; charset=utf-8' : (row.mime ?? 'application/octet-stream'))
  c.header('content-disposition', `${isDownload ? 'attachment' : 'inline'}; ${fileName(row.name)}`)
  c.header('content-security-policy', row.kind === 'pdf' ? policyOfPdf : policy)
  c.header('x-content-type-options', 'nosniff')
  c.header('cache-control', isKept ? 'private, no-cache' : 'no-store')
  c.header('accept-ranges', 'bytes')
  c.header('etag', etag)
  if (isKept && c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304)

  const range = readRange(c.req.header('range'), size, c.req.header('if-range') ?? etag, etag)
  if (range === 'unsatisfiable') {
    c.header('content-range', `bytes */${size}`)
    return c.body(null, 416)
  }
  const stream = await files.open(row.key, range)
  if (!stream) throw new AppError('attachment.not_found')
  c.header('content-length', String(range ? range.end - range.start : size))
  if (range) c.header('content-range', `bytes ${range.start}-${range.end - 1}/${size}`)
  return c.body(Readable.toWeb(stream) as ReadableStream, range ? 206 : 200)
}

/** One range; several at once are answered with the whole, as RFC 9110 allows. */
function readRange(
  header: string | undefined,
  size: number,
  ifRange: string,
  etag: string,
): { start: number; end: number } | undefined | 'unsatisfiable' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (!match || ifRange !== etag || (match[1] === '' && match[2] === '')) return undefined
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1])
  const end = match[1] === '' || match[2] === '' ? size : Math.min(size, Number(match[2]) + 1)
  return start < end ? { start, end } : 'unsatisfiable'
}

/** RFC 6266: letters that every client reads, and the name itself beside them. */
function fileName(name: string): string {
  const plain = name.replaceAll(/[^\w .()-]/g, '_')
  return `filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)}`
}
