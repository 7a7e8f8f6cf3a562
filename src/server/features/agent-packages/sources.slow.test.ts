import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GitServer, startGitServer } from '../../../../test/support/git-server.ts'
import { manifestOf, packageZip, sha256Of } from '../../../../test/support/package.ts'
import { type Person, startTestApp, type TestApp } from '../../../../test/support/test-app.ts'

let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.writeHead(404).end()
const files = createServer((request, response) => answer(request, response))
let at: string
let git: GitServer
let app: TestApp
let admin: Person
beforeAll(async () => {
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve))
  at = `http://127.0.0.1:${(files.address() as AddressInfo).port}`
  git = await startGitServer()
  app = await startTestApp({ env: { EGRESS_ALLOW: '127.0.0.1', PACKAGE_GALLERY: `${at}/gallery.json` } })
  admin = await app.admin()
})
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await git[Symbol.asyncDispose]()
  files.closeAllConnections()
  files.close()
})

type Source = NonNullable<Parameters<typeof inspect>[0]>
const inspect = (source: Parameters<typeof admin.call<'agentPackages.inspect'>>[1]['source'], more: { updates?: string } = {}) =>
  admin.call('agentPackages.inspect', { workspaceId: admin.workspaceId, ...(source && { source }), ...more })
const serve = (paths: Record<string, Buffer | string>) => {
  answer = (request, response) => {
    const content = paths[request.url!]
    if (content === undefined) response.writeHead(404).end()
    else response.end(content)
  }
}
/** Without HTTPS, since an administrator has named the host. */
const url = (path: string): Source => ({ kind: 'url', url: `${at}${path}` })

test('a repository is installed from, by folder and branch; its commit is kept, and an update looks at the branch again', async () => {
  const first = await git.commit({ 'agents/tides/manifest.yaml': manifestOf({ tools: null }), 'README.md': 'Others' })
  const source = { kind: 'git' as const, url: git.url, revision: 'main', subPath: 'agents/tides' }
  const seen = await inspect(source)
  expect(seen).toMatchObject({
    ok: true,
    value: { source: { kind: 'git', url: git.url, revision: 'main', commit: first, subPath: 'agents/tides' } },
  })
  const { id: inspectionId, sha256 } = seen.ok ? seen.value : expect.fail()
  // The same files are the same bytes.
  expect(await inspect(source)).toMatchObject({ value: { sha256 } })
  const { id: updates, agentId } = await admin.get('agentPackages.install', { inspectionId, sha256 })

  const second = await git.commit({
    'agents/tides/manifest.yaml': manifestOf({ tools: null, version: '1.1.0', instructions: 'You know all tides.' }),
  })
  const next = await inspect(undefined, { updates })
  expect(next).toMatchObject({ ok: true, value: { source: { commit: second }, changes: { fromVersion: '1.0.0', growsRights: false } } })
  const consent = next.ok ? { inspectionId: next.value.id, sha256: next.value.sha256 } : expect.fail()
  expect(await admin.get('agentPackages.update', consent)).toMatchObject({ current: { number: 2, source: { commit: second } } })
  expect((await admin.get('agents.get', { id: agentId })).current.instructions).toBe('You know all tides.')

  expect(await inspect({ ...source, revision: 'gone' })).toFailWith('agent-package.unreachable')
  expect(await inspect({ kind: 'git', url: git.url, revision: 'main' })).toFailWith('agent-package.no_manifest')
  await git.commit({ 'agents/evil/manifest.yaml': manifestOf({ tools: null }), 'agents/evil/passwd': null }, 'evil')
  expect(await inspect({ ...source, revision: 'evil', subPath: 'agents/evil' })).toFailWith('agent-package.unsafe')
})

test('an archive at an address is what its checksum says, and leads nowhere else', async () => {
  const zip = await packageZip({ tools: null })
  serve({ '/tides.zip': zip, '/large.zip': Buffer.alloc(21 * 1024 * 1024) })
  expect(await inspect(url('/tides.zip'))).toMatchObject({
    ok: true,
    value: { source: { kind: 'url', url: `${at}/tides.zip` }, sha256: sha256Of(zip) },
  })
  expect(await inspect({ ...url('/tides.zip'), sha256: 'b'.repeat(64) } as Source)).toFailWith('agent-package.checksum_mismatch')
  expect(await inspect(url('/gone.zip'))).toFailWith('agent-package.unreachable')
  expect(await inspect(url('/large.zip'))).toFailWith('agent-package.too_large')
  answer = (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end()
  expect(await inspect(url('/away.zip'))).toFailWith('connection.address_forbidden')
  expect(await inspect({ kind: 'url', url: 'http://example.org/x.zip' })).toFailWith('connection.address_forbidden')
  expect(await inspect({ kind: 'git', url: 'http://10.0.0.1/x.git' })).toFailWith('connection.address_forbidden')
})

test('an address with a name or password is refused, since whoever uses the agent is shown where its package came from', async () => {
  for (const kind of ['git', 'url'] as const) {
    const answer = await inspect({ kind, url: git.url.replace('//', '//ada:very-secret@') })
    expect(answer).toFailWith('connection.address_forbidden')
    expect(JSON.stringify(answer)).not.toContain('very-secret')
  }
})

test('the gallery is listed and installed from; a bad one is said to be bad', async () => {
  const bad: [string | Buffer, RegExp][] = [
    ['not json', /not JSON/],
    ['{"packages":[{"id":"a"}]}', /not an index of packages: packages.0/],
    [
      JSON.stringify({ packages: [{ id: 'a', name: 'A', description: 'a', version: '1', source: { url: `${at}/a.zip` } }] }),
      /sha256: is needed/,
    ],
    [Buffer.alloc(2 * 1024 * 1024, 0x20), /larger than permitted/],
  ]
  for (const [content, detail] of bad) {
    serve({ '/gallery.json': content })
    const refused = await admin.call('agentPackages.gallery')
    expect(refused).toFailWith('agent-package.gallery_unavailable')
    expect(refused.ok ? '' : refused.problem.detail).toMatch(detail)
  }
  const commit = await git.commit({ 'plain/manifest.yaml': manifestOf({ id: 'org.example.git', tools: null }) }, 'gallery')
  const zip = await packageZip({ tools: null })
  const entry = { name: 'Tides', description: 'Knows tides', version: '1.0.0' }
  const packages = [
    { id: 'org.example.tides', ...entry, author: 'Ada', source: { url: `${at}/tides.zip` }, sha256: sha256Of(zip), stars: 5 },
    { id: 'org.example.git', ...entry, source: { git: git.url, commit, subPath: 'plain' } },
    { id: 'org.example.changed', ...entry, source: { url: `${at}/tides.zip` }, sha256: 'c'.repeat(64) },
  ]
  serve({ '/gallery.json': JSON.stringify({ packages }), '/tides.zip': zip })
  const listed = await admin.get('agentPackages.gallery')
  expect(listed).toMatchObject({
    isConfigured: true,
    entries: [{ id: 'org.example.tides', author: 'Ada', source: `${at}/tides.zip` }, { author: null }, {}],
  })
  expect(await inspect({ kind: 'gallery', packageId: 'org.example.tides' })).toMatchObject({ ok: true, value: { sha256: sha256Of(zip) } })
  expect(await inspect({ kind: 'gallery', packageId: 'org.example.git' })).toMatchObject({
    ok: true,
    value: { source: { commit, revision: commit } },
  })
  expect(await inspect({ kind: 'gallery', packageId: 'org.example.changed' })).toFailWith('agent-package.checksum_mismatch')
  expect(await inspect({ kind: 'gallery', packageId: 'org.example.gone' })).toFailWith('agent-package.unreachable')
})

test('the schema of the manifest is published', async () => {
  const response = await fetch(`${app.url}/schemas/agent-package.json`)
  expect(response.headers.get('content-type')).toBe('application/schema+json')
  expect(await response.json()).toMatchObject({
    type: 'object',
    additionalProperties: false,
    properties: { id: { type: 'string' }, tools: { type: 'object' } },
  })
})
