import type { Socket } from 'node:net'

/** The first line, without its end; undefined where the other side left before it was complete or sends too much. */
export async function readLine(socket: Socket, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    const end = chunk.indexOf(0x0a)
    chunks.push(end === -1 ? chunk : chunk.subarray(0, end))
    size += chunk.length
    if (end !== -1) return Buffer.concat(chunks).toString('utf8')
    if (size > maxBytes) return undefined
  }
  return undefined
}
