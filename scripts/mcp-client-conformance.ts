import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Runs every client scenario that the pinned conformance suite requires, for both revisions, and writes docs/conformance/mcp-client.md. With a name: that scenario alone, and what the suite says of it. */
const root = join(import.meta.dirname, '..')
const suite = join(root, 'node_modules/@modelcontextprotocol/conformance/dist/index.js')
const command = `node ${join('test', 'support', 'mcp-server', 'conformance-client.ts')}`

const reasons: Record<string, string> = {
  'auth/basic-cimd':
    'A "should": Parley registers itself (RFC 7591) or is given a client. A document by whose address a client is known has to be read from the outside, where most installations cannot be reached.',
}

const [scenario, revision = '2026-07-28'] = process.argv.slice(2)
if (scenario) console.log((await runOne(scenario, revision)).output)
else await writeReport()

async function writeReport(): Promise<void> {
  const sections: string[] = []
  for (const one of ['2026-07-28', '2025-11-25']) {
    const rows: string[] = []
    const names = await required(one)
    let good = 0
    for (const name of names) {
      const { passed, failed, warnings } = await runOne(name, one)
      const isGood = passed > 0 && failed === 0 && warnings === 0
      if (isGood) good++
      const reason = isGood ? '' : (reasons[name] ?? 'To be looked at.')
      rows.push(`| \`${name}\` | ${passed} of ${passed + failed}${warnings > 0 ? `, ${warnings} warned of` : ''} | ${reason} |`)
      console.log(`${one} ${rows.at(-1)}`)
    }
    if (names.length === 0) throw new Error(`the suite requires nothing for ${one}`)
    sections.push(`## ${one}\n${good} of ${names.length} required scenarios pass.\n\n| scenario | checks passed | why not |\n| --- | --- | --- |\n${rows.join('\n')}\n`)
  }
  await writeFile(
    join(root, 'docs', 'conformance', 'mcp-client.md'),
    `# Conformance of the MCP client\n\nWritten by \`node scripts/mcp-client-conformance.ts\` with \`@modelcontextprotocol/conformance\` 0.2.0-alpha.12. Sign-ins (\`auth/\`) are run through the whole app: a person adds the server, signs in by what the app says, and has a model call the tools (\`test/support/mcp-server/conformance-person.ts\`); everything else through the session alone, as the server opens it (\`conformance-client.ts\`). Extensions (client credentials, DPoP, enterprise management) are not offered and were not run.\n\n${sections.join('\n')}`,
  )
}

async function required(revision: string): Promise<string[]> {
  const output = await run(['list', '--client', '--requirements', revision])
  const scored = output.slice(output.indexOf('Client scenarios')).split('Run and reported')[0]!
  return [...scored.matchAll(/^\s+- (\S+)$/gm)].map(([, name]) => name!)
}

async function runOne(name: string, revision: string) {
  const output = await run(['client', '--command', command, '--scenario', name, '--spec-version', revision, '--timeout', '60000', '--verbose'])
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
