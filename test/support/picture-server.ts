import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32, deflateSync } from 'node:zlib'

/** A picture of one colour. */
export function png(width = 240, height = 120): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 0x7a)])
  const chunk = (name: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    checksum.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, checksum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

export interface PictureServer extends AsyncDisposable {
  readonly url: string
  /** Paths in the order in which they were asked for. */
  readonly asked: string[]
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'

/** Somebody else's host: `/ok.png`, `/drawing.svg`, `/page.png` (a page that says it is a picture), `/huge.png`, `/away.png` (redirects to `/ok.png`). */
export async function startPictureServer(): Promise<PictureServer> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const send = (type: string, body: string | Buffer) => response.writeHead(200, { 'content-type': type }).end(body)
    if (path.startsWith('/ok.png')) send('text/html', png())
    else if (path === '/drawing.svg') send('image/svg+xml', svg)
    else if (path === '/page.png') send('image/png', '<!doctype html><script>alert(1)</script>')
    else if (path === '/wide.png') send('image/png', png(1, 1).fill(0xff, 17, 24))
    else if (path === '/huge.png') send('image/png', Buffer.alloc(9 * 1024 * 1024))
    else if (path === '/away.png') response.writeHead(302, { location: '/ok.png' }).end()
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
