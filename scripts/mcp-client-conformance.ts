import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Runs every client scenario that the pinned conformance suite requires, for both revisions, and writes docs/conformance/mcp-client.md. With a revision, and the beginning of
 * names: those again. With a name: that scenario alone, and what the suite says of it.
 */
const root = join(import.meta.dirname, '..')
const suite = join(root, 'node_modules/@modelcontextprotocol/conformance/dist/index.js')
const command = `node ${join('test', 'support', 'mcp-server', 'conformance-client.ts')}`

const reasons: Record<string, string> = {
  'auth/basic-cimd':
    'A "should": Parley registers itself (RFC 7591) or is given a client. A document by whose address a client is known has to be read from the outside, where most installations cannot be reached.',
}

const revisions = ['2026-07-28', '2025-11-25']
const report = join(root, 'docs', 'conformance', 'mcp-client.md')

const [first, second] = process.argv.slice(2)
if (first && revisions.includes(first)) await writeReport(first, second ?? '')
else if (first) console.log((await runOne(first, second ?? revisions[0]!)).output)
else for (const revision of revisions) await writeReport(revision, '')

/** Runs the scenarios of this revision whose names begin so, one after the other, and puts each into the report as it ends: what is not run keeps its row. */
async function writeReport(revision: string, beginning: string): Promise<void> {
  const rows = await readRows()
  const names = new Map<string, string[]>()
  for (const one of revisions) names.set(one, await required(one))
  for (const name of names.get(revision)!.filter((one) => one.startsWith(beginning))) {
    const { passed, failed, warnings } = await runOne(name, revision)
    const isGood = passed > 0 && failed === 0 && warnings === 0
    const count = `${passed} of ${passed + failed}${warnings > 0 ? `, ${warnings} warned of` : ''}`
    rows.set(`${revision} ${name}`, `| \`${name}\` | ${count} | ${isGood ? '' : (reasons[name] ?? 'To be looked at.')} |`)
    console.log(revision, rows.get(`${revision} ${name}`))
    await writeFile(report, reportOf(names, rows))
  }
}

function reportOf(names: ReadonlyMap<string, readonly string[]>, rows: ReadonlyMap<string, string>): string {
  const sections = [...names].map(([revision, all]) => {
    const lines = all.map((name) => rows.get(`${revision} ${name}`) ?? `| \`${name}\` | not run | |`)
    const good = lines.filter((line) => line.endsWith('|  |') && !line.includes('not run')).length
    return `## ${revision}\n${good} of ${all.length} required scenarios pass.\n\n| scenario | checks passed | why not |\n| --- | --- | --- |\n${lines.join('\n')}\n`
  })
  return `# Conformance of the MCP client\n\nWritten by \`node scripts/mcp-client-conformance.ts\` with \`@modelcontextprotocol/conformance\` 0.2.0-alpha.12. Sign-ins (\`auth/\`) are run through the whole app: a person adds the server, signs in by what the app says, and has a model call the tools (\`test/support/mcp-server/conformance-person.ts\`); everything else through the session alone, as the server opens it (\`conformance-client.ts\`). Extensions (client credentials, DPoP, enterprise management) are not offered and were not run.\n\n${sections.join('\n')}`
}

async function readRows(): Promise<Map<string, string>> {
  const rows = new Map<string, string>()
  let revision = ''
  for (const line of (await readFile(report, 'utf8')).split('\n')) {
    revision = /^## (\S+)/.exec(line)?.[1] ?? revision
    const name = /^\| `([^`]+)` \| \d/.exec(line)?.[1]
    if (name) rows.set(`${revision} ${name}`, line)
  }
  return rows
}

async function required(revision: string): Promise<string[]> {
  const output = await run(['list', '--client', '--requirements', revision])
  const scored = output.slice(output.indexOf('Client scenarios')).split('Run and reported')[0]!
  return [...scored.matchAll(/^\s+- (\S+)$/gm)].map(([, name]) => name!)
}

async function runOne(name: string, revision: string) {
  const output = await run([
    'client',
    '--command',
    command,
    '--scenario',
    name,
    '--spec-version',
    revision,
    '--timeout',
    '60000',
    '--verbose',
  ])
  const [, passed, , failed, warnings] = /Passed: (\d+)\/(\d+), (\d+) failed, (\d+) warnings/.exec(output) ?? []
  return { output, passed: Number(passed ?? 0), failed: Number(failed ?? 1), warnings: Number(warnings ?? 0) }
}

function run(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [suite, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.once('error', reject)
    child.once('close', () => resolve(output))
  })
}
