import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openReader } from './open-reader.ts'

/** A ZIP archive of many files without content, of which only the directory is written. */
function directoryOf(count: number, nameLength: number): Buffer {
  const entryLength = 46 + nameLength
  const bytes = Buffer.alloc(count * entryLength + 22)
  for (let index = 0; index < count; index++) {
    const at = index * entryLength
    bytes.writeUInt32LE(0x02014b50, at)
    bytes.writeUInt16LE(20, at + 6)
    bytes.writeUInt16LE(nameLength, at + 28)
    bytes.writeUInt32LE(index, at + 42)
    bytes.write(`conversations/${String(index).padStart(nameLength - 19, '0')}.json`, at + 46, 'latin1')
  }
  const end = count * entryLength
  bytes.writeUInt32LE(0x06054b50, end)
  bytes.writeUInt16LE(count, end + 8)
  bytes.writeUInt16LE(count, end + 10)
  bytes.writeUInt32LE(end, end + 12)
  return Buffer.concat([Buffer.from('PK'), bytes])
}

test('an archive whose directory needs more memory than its conversations is opened all the same', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'parley-archive-'))
  try {
    const path = join(dir, 'many.zip')
    const directory = directoryOf(1_500, 60_000)
    directory.writeUInt32LE(2, directory.length - 6)
    await writeFile(path, directory)
    await using reader = await openReader(path, { bytes: 600_000, conversations: 100 }, 0)
    expect(reader.opened).toEqual({ totalBytes: 0, unreadFiles: 0 })
  } finally {
    await rm(dir, { recursive: true })
  }
}, 60_000)
