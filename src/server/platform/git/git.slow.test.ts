import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GitServer, startGitServer } from '../../../../test/support/git-server.ts'
import { createEgress, type Egress } from '../egress/index.ts'
import { checkPack } from './bounded-pack.ts'
import { fetchGitTree, GitFailure } from './index.ts'

let server: GitServer
let egress: Egress
beforeAll(async () => {
  server = await startGitServer()
  egress = createEgress({ allow: ['127.0.0.1'] })
})
afterAll(async () => {
  await egress.close()
  await server[Symbol.asyncDispose]()
})

const megabyte = 1024 ** 2
const read = (changes: Partial<Parameters<typeof fetchGitTree>[1]> = {}) =>
  fetchGitTree(egress, {
    url: server.url,
    revision: null,
    subPath: '',
    maxBytes: 10 * megabyte,
    limits: { objects: 1_000, bytes: 10 * megabyte },
    timeoutMs: 20_000,
    isPermitted: () => true,
    ...changes,
  })
const failureOf = (reading: Promise<unknown>) =>
  reading.then(
    () => 'read',
    (error: unknown) => (error instanceof GitFailure ? error.kind : ((error as { code?: string }).code ?? String(error))),
  )
const namesOf = ({ files }: Awaited<ReturnType<typeof read>>) => files.map(({ path, bytes }) => `${path}: ${Buffer.from(bytes).toString()}`)

test('a branch, a tag, a commit and a folder of a repository are read, without its history', async () => {
  const first = await server.commit({ 'a.txt': 'one', 'sub/b.txt': 'below', 'sub/deep/c.txt': 'deeper' })
  await server.tag('v1')
  const second = await server.commit({ 'a.txt': 'two' })
  const branch = await server.commit({ 'a.txt': 'three' }, 'next')

  const newest = await read({ revision: 'main' })
  expect(newest.commit).toBe(second)
  expect(namesOf(newest)).toEqual(['a.txt: two', 'sub/b.txt: below', 'sub/deep/c.txt: deeper'])
  expect(await read({ revision: 'v1' })).toMatchObject({ commit: first })
  expect(await read({ revision: 'next' })).toMatchObject({ commit: branch })
  const old = await read({ revision: first, subPath: 'sub' })
  expect(old.commit).toBe(first)
  expect(namesOf(old)).toEqual(['b.txt: below', 'deep/c.txt: deeper'])
})

test('what is not there, is no repository, holds links or is too large is said', async () => {
  expect(await failureOf(read({ revision: 'gone' }))).toBe('not-found')
  expect(await failureOf(read({ revision: 'main', subPath: 'gone' }))).toBe('not-found')
  expect(await failureOf(read({ url: `${server.url}-gone` }))).toBe('unreachable')
  expect(await failureOf(read({ revision: 'main', limits: { objects: 3, bytes: megabyte } }))).toBe('too-large')
  await server.commit({ 'zeros.bin': Buffer.alloc(4 * megabyte) }, 'large')
  expect(await failureOf(read({ revision: 'large', limits: { objects: 1_000, bytes: megabyte } }))).toBe('too-large')
  // One object under many names.
  const same = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`many/${index}.bin`, Buffer.alloc(megabyte)]))
  await server.commit(same, 'many')
  expect(await failureOf(read({ revision: 'many', subPath: 'many', limits: { objects: 1_000, bytes: 6 * megabyte } }))).toBe('too-large')
  await server.commit({ link: null }, 'links')
  expect(await failureOf(read({ revision: 'links' }))).toBe('unsafe')
})

test('one that hangs, or leads to where nobody may go, ends', async () => {
  const odd = createServer((request, response) => {
    if (request.url!.startsWith('/redirect')) response.writeHead(302, { location: 'http://169.254.169.254/info/refs' }).end()
  })
  await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve))
  const at = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`
  expect(await failureOf(read({ url: `${at}/hang`, timeoutMs: 1_000 }))).toBe('timeout')
  expect(await failureOf(read({ url: `${at}/redirect` }))).toBe('connection.address_forbidden')
  expect(await failureOf(read({ isPermitted: () => false }))).toBe('unreachable')
  odd.closeAllConnections()
  odd.close()
})

/** One object, whose head says how large it is. */
function packOf(content: Buffer, says = content.length): Buffer {
  const head = Buffer.alloc(12)
  head.write('PACK', 'latin1')
  head.writeUInt32BE(2, 4)
  head.writeUInt32BE(1, 8)
  const size: number[] = []
  for (let rest = Math.floor(says / 16), byte = (3 << 4) | (says & 15); ; rest = Math.floor(rest / 128)) {
    size.push(rest > 0 ? byte | 0x80 : byte)
    if (rest === 0) break
    byte = rest & 0x7f
  }
  return Buffer.concat([head, Buffer.from(size), deflateSync(content), Buffer.alloc(20)])
}

test('a pack is held to what it says, and what it says to the limits', () => {
  const limits = { objects: 10, bytes: megabyte }
  expect(() => checkPack(packOf(Buffer.alloc(1_000)), limits)).not.toThrow()
  expect(() => checkPack(packOf(Buffer.alloc(2 * megabyte)), limits)).toThrow('larger')
  // It says little and is much.
  expect(() => checkPack(packOf(Buffer.alloc(50 * megabyte), 1_000), limits)).toThrow('larger')
  for (const broken of [Buffer.from('no pack at all, though long enough'), packOf(randomBytes(1_000)).subarray(0, 500)])
    expect(() => checkPack(broken, limits)).toThrow(GitFailure)
})
