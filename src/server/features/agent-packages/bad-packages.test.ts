import { randomBytes } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { manifestOf, packageZip, nodeTools } from '../../../../test/support/package.ts'
import { AppError } from '../../platform/errors/index.ts'
import { combineInstructions } from './combine-instructions.ts'
import { compareRights, isOlder } from './compare-rights.ts'
import { readManifest } from './read-manifest.ts'
import { readPackage } from './read-package.ts'

interface RawEntry {
  name: string | Buffer
  content?: Buffer
  mode?: number
  /** What the directory says, where that is not the truth. */
  claims?: number
  /** Lies where another one lies. */
  at?: number
  isEncrypted?: boolean
}

/** Byte by byte, since no writer of archives writes what these must hold. */
function rawZip(entries: readonly RawEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content = Buffer.from('x'), mode = 0o100644, claims, at, isEncrypted } of entries) {
    const bytes = Buffer.from(name)
    const packed = deflateRawSync(content)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(20, 4)
    head.writeUInt16LE(0x0800 | (isEncrypted ? 1 : 0), 6)
    head.writeUInt16LE(8, 8)
    head.writeUInt32LE(crc32(content), 14)
    head.writeUInt32LE(packed.length, 18)
    head.writeUInt32LE(claims ?? content.length, 22)
    head.writeUInt16LE(bytes.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(0x0314, 4)
    head.copy(entry, 6, 4, 30)
    entry.writeUInt32LE((mode << 16) >>> 0, 38)
    entry.writeUInt32LE(at ?? offset, 42)
    directory.push(entry, bytes)
    if (at === undefined) {
      parts.push(head, bytes, packed)
      offset += head.length + bytes.length + packed.length
    }
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, listed, end])
}

const manifest = { name: 'manifest.yaml', content: Buffer.from(manifestOf({ tools: null })) }
const refusal = async (reading: Promise<unknown>) => {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof AppError ? error : expect.fail(`not refused: ${String(error)}`)
}

test('a package is read, also from the folder in which hosts of repositories pack it', async () => {
  const { manifest: read, root } = await readPackage(await packageZip(), '')
  expect(root).toBe('')
  expect(read).toMatchObject({
    id: 'org.example.tides',
    version: '1.0.0',
    instructions: 'You know tides.',
    tools: { entry: 'server.mjs', network: [] },
  })
  expect(read.tools!.offers.map(({ permission }) => permission)).toEqual(['allow', 'allow', 'allow', 'allow', 'allow', 'ask'])
  const below = rawZip([{ ...manifest, name: 'tides-1.0.0/manifest.yaml' }])
  expect((await readPackage(below, '')).root).toBe('tides-1.0.0/')
  const deep = rawZip([{ ...manifest, name: 'repo/agents/tides/manifest.yaml' }])
  expect((await readPackage(deep, 'agents/tides/')).root).toBe('repo/agents/tides/')
  expect((await refusal(readPackage(deep, 'elsewhere'))).code).toBe('agent-package.no_manifest')
})

test.each<[string, RawEntry[], string]>([
  ['a path that leads out', [{ name: '../evil' }], 'unsafe'],
  ['one that does so in the middle', [{ name: 'a/../../evil' }], 'unsafe'],
  ['an absolute path', [{ name: '/etc/cron.d/evil' }], 'unsafe'],
  ['a drive', [{ name: 'C:evil' }], 'unsafe'],
  ['a backslash', [{ name: String.raw`..\evil` }], 'unsafe'],
  ['a control character', [{ name: 'a\nb' }], 'unsafe'],
  ['a name that is not UTF-8', [{ name: Buffer.from([0x61, 0xff]) }], 'unsafe'],
  ['a symbolic link', [{ name: 'link', content: Buffer.from('/etc/passwd'), mode: 0o120777 }], 'unsafe'],
  ['a device', [{ name: 'device', mode: 0o020666 }], 'unsafe'],
  ['the same name twice', [{ name: 'a' }, { name: 'a' }], 'unsafe'],
  ['two names that some disks take for one', [{ name: 'Read' }, { name: 'read' }], 'unsafe'],
  ['a file within a file', [{ name: 'a' }, { name: 'a/b' }], 'unsafe'],
  ['an encrypted file', [{ name: 'a', isEncrypted: true }], 'unsafe'],
  ['a path of 300 letters', [{ name: 'a'.repeat(300) }], 'unsafe'],
  ['much of little', [{ name: 'zeros', content: Buffer.alloc(20_000_000) }], 'too_large'],
  ['more than permitted', [{ name: 'a', claims: 200_000_000 }], 'too_large'],
  ['entries over the same bytes', [{ name: 'a' }, { name: 'b', at: 0 }], 'too_large'],
  ['very many files', Array.from({ length: 5_001 }, (_, index) => ({ name: `f/${index}` })), 'too_large'],
])('an archive with %s is refused', async (_, entries, code) => {
  expect((await refusal(readPackage(rawZip([manifest, ...entries]), ''))).code).toBe(`agent-package.${code}`)
})

test('archives within the archive are looked at before consent, and hold no more together than it may itself', async () => {
  const zeros = Array.from({ length: 15 }, (_, index) => ({ name: `${index}`, content: Buffer.alloc(4_000_000) }))
  const wheel = (name: string, entries: RawEntry[]) => ({ name: `wheels/${name}.whl`, content: rawZip(entries) })
  await expect(readPackage(rawZip([manifest, wheel('a', zeros)]), '')).resolves.toBeDefined()
  expect((await refusal(readPackage(rawZip([manifest, wheel('a', zeros), wheel('b', zeros)]), ''))).code).toBe('agent-package.too_large')
  expect((await refusal(readPackage(rawZip([manifest, wheel('a', [{ name: '../evil' }])]), ''))).code).toBe('agent-package.unsafe')
})

test('an entry that is more than its directory says ends its reading', async () => {
  const lying = rawZip([{ ...manifest, claims: 20 }])
  expect((await refusal(readPackage(lying, ''))).code).toBe('agent-package.damaged')
})

test('what is no archive is refused, whatever is cut off it', async () => {
  expect((await refusal(readPackage(Buffer.from('hello'), ''))).code).toBe('agent-package.damaged')
  const zip = await packageZip()
  for (const length of [0, 10, 100, zip.length - 30, zip.length - 1])
    expect((await refusal(readPackage(zip.subarray(0, length), ''))).code, String(length)).toBe('agent-package.damaged')
})

const issuesOf = (text: string): string[] => {
  try {
    readManifest(text)
  } catch (error) {
    if (error instanceof AppError && error.code === 'agent-package.manifest_invalid')
      return error.issues!.map(({ path, message }) => `${path.join('.')} ${message}`)
    throw error
  }
  return []
}

test('a manifest says by line what is wrong with it', () => {
  expect(issuesOf(manifestOf())).toEqual([])
  expect(issuesOf(`${manifestOf({ tools: null })}\nsudo: true\n`)).toEqual([
    expect.stringMatching(/^sudo line \d+: “sudo” is not known here$/),
  ])
  expect(issuesOf(manifestOf({ tools: nodeTools.replace('required: false', 'requird: false') }))).toEqual([
    'tools.env.0.requird line 15: “requird” is not known here',
  ])
  expect(issuesOf(manifestOf({ version: 'latest' }))).toEqual(['version line 4: must be a version such as 1.2.0 (semver)'])
  expect(issuesOf(manifestOf({ tools: nodeTools.replace('server.mjs', '../server.mjs') }))).toEqual([
    'tools.entry line 11: must be a path inside of the package',
  ])
  expect(issuesOf(manifestOf({ tools: nodeTools.replace('GREETER', 'LD_PRELOAD') }))[0]).toContain('is set by the server')
  expect(issuesOf('id: a\nid: b')).toEqual(['id line 2: is there twice'])
  expect(issuesOf('- a list')[0]).toContain('line 1')
  expect(issuesOf('')[0]).toContain('line 1')
})

test('aliases, depth and size in a manifest cost nothing', async () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...Array.from(
      { length: 12 },
      (_, i) => `${'bcdefghijklm'[i]}: &${'bcdefghijklm'[i]} [${Array(9).fill(`*${'abcdefghijkl'[i]}`).join(', ')}]`,
    ),
  ]
  expect(issuesOf(bomb.join('\n'))).toEqual([' line 2: aliases are not read here'])
  expect(issuesOf(`id: ${'['.repeat(20_000)}${']'.repeat(20_000)}`)).not.toEqual([])
  expect(issuesOf(Array.from({ length: 10_000 }, (_, index) => `k${index}: 1`).join('\n'))).toHaveLength(20)
  const large = rawZip([{ name: 'manifest.yaml', content: Buffer.from(`# ${randomBytes(2_500_000).toString('hex')}`) }])
  expect(await refusal(readPackage(large, ''))).toMatchObject({ detail: 'it is larger than 128 kB' })
})

test('what a manifest names must be there, and its instructions must need nothing that nobody gives', async () => {
  const of = async (sample: Parameters<typeof packageZip>[0]) => (await refusal(readPackage(await packageZip(sample), ''))).detail
  expect(await of({ tools: nodeTools.replace('server.mjs', 'gone.mjs') })).toContain('gone.mjs')
  expect(await of({ instructions: 'Ask {{nobody}}.' })).toContain('{{nobody}}')
  expect(await of({ files: { 'manifest.yaml': Buffer.from([0xff, 0xfe, 0x00]) } })).toContain('UTF-8')
  const filed = await packageZip({
    files: { 'manifest.yaml': manifestOf().replace(/instructions: .*/, 'instructions: { file: about.md }'), 'about.md': 'By {{date}}.' },
  })
  expect((await readPackage(filed, '')).manifest.instructions).toBe('By {{date}}.')
})

test('what a version may do beside another is said, and only more of it needs consent', () => {
  const base = { ...readManifest(manifestOf()), instructions: 'a' }
  const tools = base.tools!
  expect(compareRights(base, { ...base, version: '1.1.0', instructions: 'b' })).toMatchObject({
    instructionsChanged: true,
    growsRights: false,
  })
  expect(compareRights(base, { ...base, tools: { ...tools, offers: tools.offers.slice(1) } })).toMatchObject({
    removedTools: ['greet'],
    growsRights: false,
  })
  const loose = { ...tools, offers: tools.offers.map((tool) => ({ ...tool, permission: 'allow' as const })) }
  expect(compareRights(base, { ...base, tools: loose })).toMatchObject({ loosenedTools: ['network'], growsRights: true })
  expect(compareRights(base, { ...base, tools: { ...tools, network: ['example.org'] } })).toMatchObject({
    addedHosts: ['example.org'],
    growsRights: true,
  })
  const { tools: _, ...without } = base
  expect(compareRights(without, base)).toMatchObject({ isProgramNew: true, growsRights: true })
  const sorted = [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.2.0',
    '1.10.0',
    '2.0.0',
  ]
  for (const [index, version] of sorted.entries())
    for (const [other, than] of sorted.entries()) expect(isOlder(version, than), `${version} ${than}`).toBe(index < other)
})

test('instructions of a package come, change and go; what a person wrote stays', () => {
  expect(combineInstructions('', '', 'new')).toBe('new')
  expect(combineInstructions('own', '', 'new')).toBe('own\n\nnew')
  expect(combineInstructions('own\n\nnew\n\nmore', 'new', 'newer $& $1')).toBe('own\n\nnewer $& $1\n\nmore')
  expect(combineInstructions('own\n\nchanged', 'new', 'newer')).toBe('own\n\nchanged')
  expect(combineInstructions('own\n\nnew', 'new', '')).toBe('own')
})
