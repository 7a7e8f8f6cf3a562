import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packFolder, unpackTarball, writeTarball } from './tar.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'parley-tar-'))
  await mkdir(join(dir, 'from', 'inner', 'empty'), { recursive: true })
  await writeFile(join(dir, 'from', 'a'), '')
  await writeFile(join(dir, 'from', 'inner', 'block'), Buffer.alloc(1024, 'b'))
  await writeFile(join(dir, 'from', 'inner', 'odd'), 'Ünïcode\n')
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const from = () => join(dir, 'from')

test('what was packed comes out the same', async () => {
  await writeTarball(packFolder(from()), join(dir, 'tar.gz'))
  await unpackTarball(join(dir, 'tar.gz'), join(dir, 'to'))
  expect((await readdir(join(dir, 'to'), { recursive: true })).sort()).toEqual(['a', 'inner', 'inner/block', 'inner/empty', 'inner/odd'])
  expect(await readFile(join(dir, 'to', 'inner', 'odd'), 'utf8')).toBe('Ünïcode\n')
  expect(await readFile(join(dir, 'to', 'inner', 'block'))).toEqual(Buffer.alloc(1024, 'b'))
})

test('a folder named last is read after everything else was, and files may change meanwhile', async () => {
  await mkdir(join(from(), 'changes'))
  const parts = packFolder(from(), ['changes'])
  const chunks: Buffer[] = []
  for await (const part of parts) {
    chunks.push(part)
    if (part.toString('latin1', 0, 100).startsWith('inner/block\0')) {
      await appendFile(join(from(), 'inner', 'block'), 'grown')
      await truncate(join(from(), 'inner', 'odd'), 3)
      await rm(join(from(), 'inner', 'empty'), { recursive: true })
      await writeFile(join(from(), 'changes', 'late'), 'made while others were read')
    }
  }
  await writeFile(join(dir, 'tar.gz'), gzipSync(Buffer.concat(chunks)))
  await unpackTarball(join(dir, 'tar.gz'), join(dir, 'to'))
  expect(await readFile(join(dir, 'to', 'changes', 'late'), 'utf8')).toBe('made while others were read')
  expect(await readFile(join(dir, 'to', 'inner', 'block'))).toEqual(Buffer.alloc(1024, 'b'))
})

test('a damaged, cut or malicious tar is refused', async () => {
  await writeTarball(packFolder(from()), join(dir, 'tar.gz'))
  const tar = gunzipSync(await readFile(join(dir, 'tar.gz')))
  const refused = async (content: Buffer, words: RegExp) => {
    await writeFile(join(dir, 'bad.gz'), content)
    await expect(unpackTarball(join(dir, 'bad.gz'), join(dir, 'to'))).rejects.toThrow(words)
  }
  await refused(gzipSync(tar.subarray(0, 1500)), /middle/)
  await refused(gzipSync(Buffer.concat([Buffer.from('b'), tar.subarray(1)])), /damaged/)
  await refused((await readFile(join(dir, 'tar.gz'))).subarray(0, -10), /end of file/)
  const outside = Buffer.from(tar)
  outside.write('../x', 0)
  const sum = outside.subarray(0, 512).reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0)
  outside.write(`${sum.toString(8).padStart(6, '0')}\0`, 148)
  await refused(gzipSync(outside), /outside/)
})
