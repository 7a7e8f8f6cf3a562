import { Readable } from 'node:stream'
import type { HttpContext } from '../../platform/http/index.ts'
import type { Download } from './export-conversation.ts'

/** A file for whoever asked, written while it is read. Hanging up ends the reading. */
export function sendDownload(c: HttpContext, { fileName, contentType, pieces }: Download): Response {
  c.header('content-type', contentType)
  c.header('cache-control', 'no-store')
  c.header('content-disposition', disposition(fileName))
  const encoder = new TextEncoder()
  async function* bytes() {
    for await (const piece of pieces) yield typeof piece === 'string' ? encoder.encode(piece) : piece
  }
  return c.body(Readable.toWeb(Readable.from(bytes(), { objectMode: false, highWaterMark: 256 * 1024 })) as ReadableStream)
}

/** RFC 6266: the name as it is, and for old programs without what is not ASCII. */
function disposition(fileName: string): string {
  const plain = fileName.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(fileName).replaceAll(/['()*]/g, (sign) => `%${sign.codePointAt(0)!.toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
