import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { withFixtures } from '../test/conformance/mcp-fixtures.ts'
import { register } from '../test/support/app-client.ts'
import { startTestApp } from '../test/support/test-app.ts'

/** Runs the pinned conformance suite against `/mcp`, in both revisions, and writes docs/conformance/mcp-server.md. The suite has no key, so a proxy adds it: everything else is as a client meets it. */
const root = dirname(import.meta.dirname)

const reasons: [pattern: RegExp, reason: string][] = [
  [
    /^(logging-set-level|tools-call-with-logging)$/,
    'Not offered: logs of the server are not for clients, and the capability is not announced.',
  ],
  [
    /^(tools-call-sampling|tools-call-elicitation|elicitation-)/,
    'Asking a client in the middle of a call needs a session in this revision, which the endpoint does not keep. In 2026-07-28 it asks by its result.',
  ],
  [
    /^resources-(un)?subscribe$/,
    'Not offered: it needs a session in this revision. Changes are not announced, and neither is the capability.',
  ],
  [/^server-stateless$/, 'The check calls a fixture that logs to its client, which Parley does not; the suite says "not testable".'],
  [/^tasks-/, 'An extension, not required: not offered, and not announced.'],
  [
    /^http-custom-header-server-validation$/,
    'Pending in the suite and not scored: it looks for a tool that mirrors an argument into a header, of which Parley has none.',
  ],
]

await using app = await startTestApp({ mcpParts: withFixtures })
const [person] = await app.people('conformance')
const { secret } = await person.get('people.createApiKey', { name: 'conformance' })
const proxy = createServer((incoming, outgoing) => {
  const passed = request(
    `${app.url}${incoming.url}`,
    { method: incoming.method, headers: { ...incoming.headers, authorization: `Bearer ${secret}` } },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    },
  )
  passed.on('error', () => outgoing.destroy())
  incoming.pipe(passed)
})
await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/mcp`

if (process.argv[2])
  console.log(
    (
      await run(['server', '--url', url, '--scenario', process.argv[2], '--spec-version', process.argv[3] ?? '2026-07-28', '--verbose'])
    ).slice(0, 60000),
  )
const sections: string[] = []
if (!process.argv[2]) {
  for (const revision of ['2026-07-28', '2025-11-25']) sections.push(await section(revision))
  sections.push(await authorizationSection())
}
proxy.close()
proxy.closeAllConnections()
if (!process.argv[2])
  await writeFile(
    join(root, 'docs', 'conformance', 'mcp-server.md'),
    `# MCP conformance of \`/mcp\`\n\nWritten by \`node scripts/mcp-conformance.ts\` with \`@modelcontextprotocol/conformance\`, against the real endpoint with the suite's fixtures beside Parley's own parts. The scenarios are the suite's list for each revision, those that it runs without scoring them included. One that passes because it has nothing to look at (sessions) says nothing of Parley. What asks its client something is a fixture, too; Parley asks where a tool of a turn wants to be allowed.\n\n${sections.join('\n')}`,
  )

async function section(revision: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'))
  const output = await run(['server', '--url', url, '--requirements', revision, '--output-dir', folder])
  await rm(folder, { recursive: true, force: true })
  const results = [...output.matchAll(/^\s*([✓✗⚠~-])\s+([\w-]+):?\s+(\d+) passed, (\d+) failed/gmu)].map(([, , name, passed, failed]) => ({
    name: name!,
    passed: Number(passed),
    failed: Number(failed),
  }))
  if (results.length === 0) throw new Error(`the suite said nothing that is understood:\n${output.slice(-4000)}`)
  const good = results.filter(({ failed }) => failed === 0)
  const bad = results.filter(({ failed }) => failed > 0)
  const rows = bad.map(
    ({ name, passed, failed }) =>
      `| \`${name}\` | ${failed} of ${passed + failed} | ${reasons.find(([pattern]) => pattern.test(name))?.[1] ?? 'To be looked at.'} |`,
  )
  return `## ${revision}\n${good.length} of ${results.length} scenarios pass: ${good.map(({ name }) => `\`${name}\``).join(', ')}.\n\n| does not | checks | why |\n| --- | --- | --- |\n${rows.join('\n')}\n`
}

/** The suite opens no browser: it says which address the person has to go to, and here they decide at once. */
async function authorizationSection(): Promise<string> {
  const port = 8371
  const redirectUri = `http://127.0.0.1:${port}/callback`
  const clientId = await register(app, { client_name: 'Conformance', redirect_uris: [redirectUri] })
  const args = ['authorization', '--url', app.url, '--client-id', clientId, '--resource', `${app.url}/mcp`, '--port', String(port)]
  const output = await run([...args, '--spec-version', '2026-07-28'], async (line) => {
    if (!line.startsWith(`${app.url}/oauth/authorize?`)) return
    const query = new URL(line).search.slice(1)
    const { workspaceId } = person
    const { url: back } = await person.get('apps.decide', { query, grant: { workspaceId, scopes: ['conversations:read'] } })
    await (await fetch(back)).text()
  })
  const results = [...output.matchAll(/^\s*([✓✗⚠~-])\s+([\w-]+):?\s+(\d+) passed, (\d+) failed/gmu)]
  if (results.length === 0) throw new Error(`the suite said nothing that is understood:\n${output.slice(-4000)}`)
  const good = results.filter(([, , , , failed]) => failed === '0')
  const names = (some: RegExpExecArray[]) => some.map(([, , name]) => `\`${name}\``).join(', ')
  const bad = results.filter((one) => !good.includes(one))
  return `## Authorization server\n${good.length} of ${results.length} scenarios pass: ${names(good)}.${bad.length > 0 ? ` To be looked at: ${names(bad)}.` : ''}\n`
}

function run(args: string[], onLine: (line: string) => Promise<void> = async () => {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/@modelcontextprotocol/conformance/dist/index.js'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      for (const line of chunk.toString().split('\n')) onLine(line.trim()).catch(reject)
    })
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.once('error', reject)
    child.once('close', () => resolve(output))
  })
}
