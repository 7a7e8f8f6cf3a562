import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { beforeAll, expect, test, vi } from 'vitest'
import { build, type Rolldown } from 'vite'
import { visitorBuild, visitorEntries } from '../../vite.visitor.config.ts'

// What strangers load, on telephones and beside other people's pages. Kilobytes of code that compresses; a kilobyte is 1000 bytes.

interface Chunk {
  name: string
  code: string
  imports: string[]
}

const root = join(import.meta.dirname, '../..')
const built: Record<string, Chunk[]> = {}

beforeAll(async () => {
  vi.stubEnv('NODE_ENV', 'production') // else packages come with what only developers need
  for (const name of Object.keys(visitorEntries) as (keyof typeof visitorEntries)[]) {
    const config = visitorBuild(root, name)
    const results = (await build({ ...config, logLevel: 'warn', build: { ...config.build, write: false } })) as Rolldown.RolldownOutput[]
    built[name] = results.flatMap(({ output }) =>
      output.flatMap((one) => (one.type === 'chunk' ? [{ name: one.fileName, code: one.code, imports: one.imports }] : [])),
    )
  }
})

const all = (entry: string, name: RegExp) => built[entry]!.filter((chunk) => name.test(chunk.name))
const kilobytes = (chunks: Chunk[], compress = gzipSync) => chunks.reduce((sum, { code }) => sum + compress(code).length, 0) / 1000

test('the chat of a page is one script of less than 14 kB', () => {
  const [script, ...more] = all('visitor/chat', /^visitor\/chat\.js$/)
  expect([more, script!.imports]).toEqual([[], []])
  expect(kilobytes([script!])).toBeLessThan(14)
})

test('the widget takes less than 25 kB until a surface arrives, and of that 4 kB until it is opened', () => {
  const before = [...all('widget', /^widget\.js$/), ...all('visitor/widget', /^visitor\/widget\.js$/)]
  expect(before.length).toBe(2)
  expect(kilobytes(before)).toBeLessThan(4)
  const opened = all('visitor/widget', /^(?!.*render-surface).*/)
  expect(kilobytes([...all('widget', /./), ...opened])).toBeLessThan(25)
})

test('surfaces are drawn by one more file, of less than 45 kB', () => {
  for (const entry of ['visitor/chat', 'visitor/widget']) {
    const chunks = all(entry, /render-surface/)
    expect(chunks.length).toBe(1)
    expect(kilobytes(chunks)).toBeLessThan(45)
    expect(kilobytes(chunks, brotliCompressSync)).toBeLessThan(40)
  }
})

test('the script that other sites name is a classic one: it imports nothing by a relative address and leaves nothing in the page’s scope', () => {
  const [loader, ...more] = built['widget']!
  expect(more).toEqual([])
  expect(loader!.code.trim()).toMatch(/^\{[^]*\}$/)
  expect(loader!.code).not.toMatch(/import\s*\(\s*(?:\/\*.*?\*\/\s*)?[`'"]\.|^\s*(?:import|export)\b/m)
})

test('no code of ours or of the renderer makes code from text, which policies of pages forbid', () => {
  for (const { name, code } of Object.values(built).flat()) expect(/\bnew Function\b|\beval\(/.test(code), name).toBe(false)
})
