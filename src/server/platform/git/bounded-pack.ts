import { inflateSync } from 'node:zlib'
import { GitFailure } from './git-failure.ts'

export interface PackLimits {
  objects: number
  /** Of all objects together, unpacked. */
  bytes: number
}

/**
 * Throws where what a repository sent would unpack to more than permitted: each object says how large it is, and is held to that. Looked at before anything is made of it, since its reader
 * believes what it reads. Error: `GitFailure`.
 */
export function checkPack(pack: Buffer, { objects, bytes }: PackLimits): void {
  if (pack.length < 32 || pack.toString('latin1', 0, 4) !== 'PACK') throw new GitFailure('unreachable', 'What it sent is no repository.')
  const count = pack.readUInt32BE(8)
  if (count > objects) throw tooLarge()
  let at = 12
  let left = bytes
  try {
    for (let index = 0; index < count; index++) {
      const { type, size, next } = headerAt(pack, at)
      left -= size
      if (left < 0) throw tooLarge()
      const { buffer, engine } = inflateSync(pack.subarray(next), { maxOutputLength: Math.max(size, 1), info: true }) as unknown as {
        buffer: Buffer
        engine: { bytesWritten: number }
      }
      if (type === 6 || type === 7) left -= targetSizeOf(buffer)
      if (left < 0) throw tooLarge()
      at = next + engine.bytesWritten
    }
  } catch (error) {
    if (error instanceof GitFailure) throw error
    const isMore = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw isMore ? tooLarge() : new GitFailure('unreachable', 'What it sent is damaged.', error)
  }
}

/** Its type and size; a delta names what it is of before its bytes. */
function headerAt(pack: Buffer, from: number): { type: number; size: number; next: number } {
  let at = from
  let byte = pack.readUInt8(at++)
  const type = (byte >> 4) & 7
  let size = byte & 15
  for (let factor = 16; byte & 0x80; factor *= 128) {
    byte = pack.readUInt8(at++)
    size += (byte & 0x7f) * factor
  }
  if (type === 6) while (pack.readUInt8(at++) & 0x80);
  if (type === 7) at += 20
  return { type, size, next: at }
}

/** What a delta makes. */
function targetSizeOf(delta: Buffer): number {
  let at = 0
  const read = () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = delta.readUInt8(at++)
      value += (byte & 0x7f) * factor
      if (!(byte & 0x80)) return value
    }
  }
  read()
  return read()
}

const tooLarge = () => new GitFailure('too-large', 'The repository is larger than permitted.')
