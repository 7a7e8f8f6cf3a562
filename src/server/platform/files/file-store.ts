import type { Readable } from 'node:stream'

/** Bytes that were stored. `sha256` is of all of them. */
export interface StoredBytes {
  sizeBytes: number
  sha256: Buffer
}

/** More came than was allowed. Nothing of it is kept. */
export class TooManyBytes extends Error {
  override readonly name = 'TooManyBytes'
}

/**
 * Where files are kept: a disk, or object storage behind the same three verbs. Keys are made by the server, from ids. What is not there is `undefined`, whatever
 * happened to it. Errors of a full or read-only disk are `storage.full` and `storage.read_only`.
 */
export interface FileStore {
  /** What rows call it, so that a later store can stand beside it. */
  readonly bucket: string
  /** Of object storage; a disk has none. */
  readonly region: string | null
  /** All of the stream or nothing, also when the process is killed. Errors: `TooManyBytes`, and whatever the stream fails with. */
  put(key: string, bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredBytes>
  /** `end` is exclusive. */
  open(key: string, range?: { start: number; end: number }): Promise<Readable | undefined>
  read(key: string): Promise<Buffer | undefined>
  /** Also of what is not there. */
  delete(key: string): Promise<void>
}
