import { createReadStream, createWriteStream } from 'node:fs'
import { lstat, mkdir, open, readdir } from 'node:fs/promises'
import { dirname, join, normalize, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'

/** The POSIX ustar format (IEEE 1003.1, pax: "ustar Interchange Format"), as much of it as a data directory needs: files and folders. */
const blockBytes = 512
const readBytes = 1024 * 1024

/**
 * Reads a folder as a tar. Folders named in `last` come at the end, in that order. A file that grows meanwhile is cut at the size it had; one that
 * shrinks is filled with zeros; one that vanished is left out.
 */
export async function* packFolder(folder: string, last: readonly string[] = [], signal?: AbortSignal): AsyncGenerator<Buffer> {
  yield* packInside(folder, '', last, signal)
  for (const name of last) {
    yield header(`${name}/`, 0, 'folder')
    yield* packInside(folder, `${name}/`, [], signal)
  }
  yield Buffer.alloc(2 * blockBytes)
}

async function* packInside(folder: string, prefix: string, skip: readonly string[], signal?: AbortSignal): AsyncGenerator<Buffer> {
  const names = ((await readdir(join(folder, prefix)).catch(ignoreMissing)) ?? []).sort()
  for (const name of names) {
    if (skip.includes(name)) continue
    signal?.throwIfAborted()
    const path = `${prefix}${name}`
    const stat = await lstat(join(folder, path)).catch(ignoreMissing)
    if (stat?.isDirectory()) {
      yield header(`${path}/`, 0, 'folder')
      yield* packInside(folder, `${path}/`, [], signal)
    } else if (stat?.isFile()) {
      yield* packFile(join(folder, path), path)
    }
  }
}

async function* packFile(file: string, path: string): AsyncGenerator<Buffer> {
  const handle = await open(file).catch(ignoreMissing)
  if (!handle) return
  try {
    const { size } = await handle.stat()
    yield header(path, size, 'file')
    let left = size
    while (left > 0) {
      const buffer = Buffer.alloc(Math.min(left, readBytes))
      await handle.read(buffer, 0, buffer.length, size - left)
      yield buffer
      left -= buffer.length
    }
    if (size % blockBytes > 0) yield Buffer.alloc(blockBytes - (size % blockBytes))
  } finally {
    await handle.close()
  }
}

function header(path: string, size: number, kind: 'file' | 'folder'): Buffer {
  if (Buffer.byteLength(path) > 100) throw new Error(`The path ${path} is too long for a tar.`)
  const block = Buffer.alloc(blockBytes)
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`
  block.write(path, 0)
  block.write(octal(kind === 'folder' ? 0o700 : 0o600, 8), 100)
  block.write(octal(0, 8), 108)
  block.write(octal(0, 8), 116)
  block.write(octal(size, 12), 124)
  block.write(octal(0, 12), 136)
  block.write(' '.repeat(8), 148)
  block.write(kind === 'folder' ? '5' : '0', 156)
  block.write('ustar\x0000', 257)
  block.write(octal(checksum(block), 7), 148)
  return block
}

function checksum(block: Buffer): number {
  return block.reduce((sum, byte) => sum + byte, 0)
}

/** Writes a packed folder to a file, compressed and on the disk for good when it resolves. */
export async function writeTarball(parts: AsyncIterable<Buffer>, file: string): Promise<void> {
  await pipeline(parts, createGzip({ level: 6 }), createWriteStream(file, { mode: 0o600, flush: true }))
}

/** Unpacks a compressed tar into a folder, which it makes. */
export async function unpackTarball(file: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await pipeline(createReadStream(file), createGunzip(), (source: AsyncIterable<Buffer>) => unpack(source, folder))
}

async function unpack(source: AsyncIterable<Buffer>, folder: string): Promise<void> {
  let rest: Buffer = Buffer.alloc(0)
  const chunks = source[Symbol.asyncIterator]()
  const take = async (size: number): Promise<Buffer> => {
    const parts = [rest]
    let length = rest.length
    while (length < size) {
      const { value, done } = await chunks.next()
      if (done) throw new Error('The tar ends in the middle.')
      parts.push(value)
      length += value.length
    }
    const all = parts.length === 1 ? rest : Buffer.concat(parts, length)
    rest = all.subarray(size)
    return all.subarray(0, size)
  }
  while (true) {
    const block = Buffer.from(await take(blockBytes))
    if (block.every((byte) => byte === 0)) break
    const expected = Number.parseInt(block.toString('latin1', 148, 155), 8)
    block.fill(' ', 148, 156)
    if (checksum(block) !== expected) throw new Error('The tar is damaged.')
    const path = block.toString('utf8', 0, block.indexOf(0))
    const size = Number.parseInt(block.toString('latin1', 124, 135), 8)
    const target = normalize(join(folder, path))
    if (!target.startsWith(normalize(folder + sep)) && target !== normalize(folder))
      throw new Error('The tar has a path outside of its folder.')
    if (block[156] === '5'.charCodeAt(0)) {
      await mkdir(target, { recursive: true, mode: 0o700 })
      continue
    }
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    await writeFileFrom(take, target, size)
    await take((blockBytes - (size % blockBytes)) % blockBytes)
  }
  while (!(await chunks.next()).done); // the padding after the end, so that the checksum of gzip is verified
}

async function writeFileFrom(take: (size: number) => Promise<Buffer>, target: string, size: number): Promise<void> {
  const handle = await open(target, 'w', 0o600)
  try {
    for (let left = size; left > 0; ) {
      const part = await take(Math.min(left, readBytes))
      await handle.write(part)
      left -= part.length
    }
  } finally {
    await handle.close()
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}
