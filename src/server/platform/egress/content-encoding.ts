import { pipeline, Readable, Transform, type TransformCallback } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { EgressError } from './egress-error.ts'

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * The body as it was before compression, which counts against the limit again: a small answer can unpack to a huge one. The headers lose what no longer
 * holds. An unknown encoding is passed through.
 */
export function decoded(body: ReadableStream<Uint8Array>, headers: Headers, maxBytes: number): ReadableStream<Uint8Array> {
  const decoder = decoders[headers.get('content-encoding')?.trim().toLowerCase() ?? '']?.()
  if (!decoder) return body
  headers.delete('content-encoding')
  headers.delete('content-length')

  let unpackedBytes = 0
  const counter = new Transform({
    transform(chunk: Uint8Array, _encoding, callback: TransformCallback) {
      unpackedBytes += chunk.byteLength
      if (unpackedBytes > maxBytes) callback(new EgressError('too-large'))
      else callback(null, chunk)
    },
  })
  // A failure anywhere destroys all three, and the reader sees it on the last.
  pipeline(Readable.fromWeb(body as NodeReadableStream<Uint8Array>), decoder, counter, () => {})
  return Readable.toWeb(counter) as ReadableStream<Uint8Array>
}
