import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { prepareTestTools, type TestProject } from './test-tools.ts'

// `npm run check`: what this machine can say about the sources within two minutes. `npm test` (--all): also the slow tests, on a real
// PostgreSQL and in a real browser. With CI=true nothing may be left out.

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules/.bin', name)
const isComplete = process.argv.includes('--all')
const mayNotSkip = process.env.CI === 'true'

interface Step {
  name: string
  command: string[]
}

const checks: Step[] = [
  { name: 'types', command: [bin('tsc')] },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--report-unused-disable-directives', '--deny-warnings'] },
  { name: 'format', command: [bin('biome'), 'format'] },
  { name: 'dependency rule', command: [process.execPath, 'scripts/check-dependencies.ts'] },
  { name: 'dead code', command: [bin('knip'), '--no-progress'] },
]
if (isComplete) checks.unshift({ name: 'build', command: [process.execPath, 'scripts/setup.js', '--tools'] })

const projectNames: Record<TestProject, string> = {
  unit: 'unit and integration tests',
  slow: 'slow tests',
  postgres: 'PostgreSQL tests',
  browser: 'browser tests',
}

let passed = 0
let failed = 0
const leftOut: string[] = []

function run(command: string[], env: NodeJS.ProcessEnv = process.env, isShown = false): Promise<{ ok: boolean; output: string }> {
  const [file = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, env, stdio: ['ignore', isShown ? 'inherit' : 'pipe', isShown ? 'inherit' : 'pipe'] })
    let output = ''
    child.stdout?.on('data', (data: Buffer) => (output += data.toString()))
    child.stderr?.on('data', (data: Buffer) => (output += data.toString()))
    child.on('error', (error) => resolve({ ok: false, output: error.message }))
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
}

async function runCheck({ name, command }: Step) {
  const startedAt = performance.now()
  const { ok, output } = await run(command)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`)
  if (ok) passed += 1
  else {
    failed += 1
    console.log(output.trimEnd().replaceAll(/^/gm, '  '))
  }
}

/** Two at a time, for two cores. */
async function runChecks() {
  const waiting = [...checks]
  const worker = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) await runCheck(step)
  }
  await Promise.all([worker(), worker()])
}

interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[]
}

async function runTests(project: TestProject, env: NodeJS.ProcessEnv) {
  const reportFile = join(root, '.cache', `tests-${project}.json`)
  await mkdir(join(root, '.cache'), { recursive: true })
  await rm(reportFile, { force: true })
  console.log(`\n${projectNames[project]}`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  const { ok } = await run([bin('vitest'), 'run', '--project', project, ...reporters], env, true)

  const report = JSON.parse(await readFile(reportFile, 'utf8').catch(() => '{}')) as Partial<Report>
  const results = report.testResults ?? []
  passed += report.numPassedTests ?? 0
  // A file that does not load has no failed test of its own; neither has an error outside every test.
  const brokenFiles = results.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const failures = (report.numFailedTests ?? 0) + brokenFiles.length
  failed += ok ? failures : Math.max(failures, 1)
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0)
  if (skipped > 0) leftOut.push(`${skipped} of the ${projectNames[project]}, which skip themselves on this machine`)
}

await runChecks()
const { env, missing } = isComplete ? prepareTestTools(root) : { env: process.env, missing: {} }
const projects: TestProject[] = isComplete ? ['unit', 'slow', 'postgres', 'browser'] : ['unit']
for (const project of projects) {
  const reason = missing[project]
  if (reason) leftOut.push(`${projectNames[project]}: ${reason}`)
  else await runTests(project, env)
}

for (const what of leftOut) console.log(`\nNot run: ${what}`)
if (mayNotSkip && leftOut.length > 0) {
  failed += leftOut.length
  console.log('CI=true: what was not run counts as failed.')
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
