import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { newId } from '../ids.ts'
import { openDiskStore, TooManyBytes } from './index.ts'

const dir = mkdtempSync(join(tmpdir(), 'parley-files-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const incoming = () => readdirSync(join(dir, 'incoming'))
const key = () => `ab/${newId()}`

async function* pieces(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part)
}

test('bytes are stored whole, counted, hashed, read by ranges, and deleted', async () => {
  const store = await openDiskStore(dir)
  const one = key()
  const stored = await store.put(one, pieces('abc', 'def'), 6)
  expect(stored.sizeBytes).toBe(6)
  expect(stored.sha256.toString('hex')).toBe('bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721')
  expect((await store.read(one))?.toString()).toBe('abcdef')
  expect(await text((await store.open(one, { start: 2, end: 4 }))!)).toBe('cd')
  await store.delete(one)
  await store.delete(one)
  expect([await store.read(one), await store.open(one)]).toEqual([undefined, undefined])
})

test('too many bytes, and a stream that fails, leave nothing', async () => {
  const store = await openDiskStore(dir)
  const [long, broken] = [key(), key()]
  await expect(store.put(long, pieces('abc', 'd'), 3)).rejects.toThrow(TooManyBytes)
  async function* failing() {
    yield Buffer.from('abc')
    throw new Error('gone')
  }
  await expect(store.put(broken, failing(), 10)).rejects.toThrow('gone')
  expect([await store.read(long), await store.read(broken), incoming()]).toEqual([undefined, undefined, []])
})

test('a key is of the form that the server makes, or it is a bug', async () => {
  const store = await openDiskStore(dir)
  for (const bad of ['../../etc/passwd', 'ab/../../x', '/etc/passwd', 'ab/x', `ab/${newId()}/..`])
    expect(() => store.delete(bad), bad).toThrow('is no key of a file')
})

test('a process that is killed while it writes leaves no half file under a name', async () => {
  const half = key()
  const module = fileURLToPath(new URL('./index.ts', import.meta.url))
  const script = `
    const { openDiskStore } = await import(${JSON.stringify(module)})
    async function* slow() { yield Buffer.alloc(100_000); console.log('writing'); await new Promise(() => setInterval(() => {}, 1000)) }
    await (await openDiskStore(${JSON.stringify(dir)})).put(${JSON.stringify(half)}, slow(), 1e9)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  expect(existsSync(join(dir, half))).toBe(false)
  const [left] = incoming()
  expect(readFileSync(join(dir, 'incoming', left!)).length).toBe(100_000)
  // Not while it may still be somebody's; later it goes.
  await openDiskStore(dir)
  expect(incoming()).toEqual([left])
  utimesSync(join(dir, 'incoming', left!), new Date(0), new Date(0))
  await openDiskStore(dir)
  expect(incoming()).toEqual([])
})
