import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { withFixtures } from '../test/conformance/mcp-fixtures.ts'
import { startTestApp } from '../test/support/test-app.ts'

/** Runs the pinned conformance suite against `/mcp`, in both revisions, and writes docs/conformance/mcp-server.md. The suite has no key, so a proxy adds it: everything else is as a client meets it. */
const root = dirname(import.meta.dirname)

const reasons: [pattern: RegExp, reason: string][] = [
  [/^completion-complete$/, 'Not offered: nothing here completes arguments, and the capability is not announced.'],
  [
    /^(logging-set-level|tools-call-with-logging)$/,
    'Not offered: logs of the server are not for clients, and the capability is not announced.',
  ],
  [
    /^(tools-call-sampling|tools-call-elicitation|elicitation-)/,
    'Not used: no tool of Parley asks its client anything. It needs a session, which the endpoint does not keep.',
  ],
  [/^resources-(un)?subscribe$/, 'Not offered: changes are not announced, and neither is the capability.'],
  [/^input-required-result-/, 'Not used: no tool of Parley asks its client anything; the suite calls fixtures that would.'],
  [
    /^server-stateless$/,
    'The four checks call fixtures for logs, asking back and capabilities that a tool requires, none of which Parley has; the suite says "not testable".',
  ],
  [/^tasks-/, 'An extension, not required: not offered, and not announced.'],
  [/^json-schema-2020-12$/, 'Pending in the suite and not scored; the fixture that it calls is not there yet.'],
  [/^http-custom-header-server-validation$/, 'Pending in the suite and not scored; the fixtures that it calls are not there yet.'],
  [/^server-session-lifecycle$|^server-sse-polling$/, 'Without sessions there is nothing to resume.'],
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
if (!process.argv[2]) for (const revision of ['2026-07-28', '2025-11-25']) sections.push(await section(revision))
proxy.close()
proxy.closeAllConnections()
if (!process.argv[2])
  await writeFile(
    join(root, 'docs', 'conformance', 'mcp-server.md'),
    `# MCP conformance of \`/mcp\`\n\nWritten by \`node scripts/mcp-conformance.ts\` with \`@modelcontextprotocol/conformance\`, against the real endpoint with the suite's fixtures beside Parley's own parts. The scenarios are the suite's list for each revision, those that it runs without scoring them included. One that passes because it has nothing to look at (sessions, asking back) says nothing of Parley.\n\n${sections.join('\n')}`,
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

function run(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/@modelcontextprotocol/conformance/dist/index.js'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.once('error', reject)
    child.once('close', () => resolve(output))
  })
}
