import type { HttpContext } from '../../platform/http/index.ts'
import type { PictureRow } from './picture-store.ts'

/** The bytes as the type that they were found to be. A browser keeps them and asks each time whether it still may. */
export function sendPicture(c: HttpContext, { id, mime, bytes }: PictureRow): Response {
  const etag = `"${id}"`
  c.header('content-type', mime)
  c.header('content-disposition', 'inline')
  c.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'; sandbox")
  c.header('x-content-type-options', 'nosniff')
  c.header('cache-control', 'private, no-cache')
  c.header('etag', etag)
  if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304)
  return c.body(new Uint8Array(bytes))
}
