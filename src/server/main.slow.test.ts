import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { DatabaseRefusal, openDatabase } from './platform/db/index.ts'
import { preparedForTests, silentLog } from '../../test/support/postgres.ts'

const main = join(import.meta.dirname, 'main.ts')

interface Started {
  child: ChildProcess
  output(): string
  exitCode: Promise<number | null>
  /** Resolves with the output once it holds the text; rejects if the process ends before. */
  until(text: string): Promise<string>
}

function start(cwd: string, env: Record<string, string>): Started {
  const child = spawn(process.execPath, [main], {
    cwd,
    env: { PATH: process.env.PATH, OLLAMA_BASE_URL: 'off', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  const exitCode = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const waiting: { text: string; resolve: (output: string) => void }[] = []
  const read = (chunk: Buffer) => {
    output += chunk.toString()
    for (const { text, resolve } of waiting) if (output.includes(text)) resolve(output)
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  return {
    child,
    output: () => output,
    exitCode,
    until: (text) =>
      new Promise((resolve, reject) => {
        waiting.push({ text, resolve })
        read(Buffer.alloc(0))
        void exitCode.then(() => reject(new Error(`It ended before it said "${text}": ${output}`)))
      }),
  }
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-main-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('every wrong setting is said at once, and the start is refused', async () => {
  const folder = await emptyFolder()
  await writeFile(join(folder, '.env'), 'PORT=seventy\nDATABASE_URL=postgres://nobody@127.0.0.1/x\n')
  const started = start(folder, { PUBLIC_URL: 'parley' })
  expect(await started.exitCode).toBe(78)
  expect(started.output()).toMatch(/^3 settings are not right:\n/)
  for (const name of ['PORT', 'PUBLIC_URL', 'VAULT_KEYS']) expect(started.output()).toContain(`  ${name}: `)
  expect(started.output()).not.toContain('    at ')
})

test('it says where to go and prints the one-time link; a second process on its data is refused; SIGTERM ends it in order', async () => {
  const folder = await emptyFolder()
  const dataDir = join(folder, 'data')
  await (await openDatabase({ kind: 'embedded', dir: dataDir, prepared: await preparedForTests() }, silentLog)).close()
  const first = start(folder, { PORT: '0', DATA_DIR: dataDir, LOG_FORMAT: 'json' })

  const [, url, token] = /(http:\/\/localhost:\d+)\/enter#(\S+)/.exec(await first.until('/enter#')) as unknown as [string, string, string]
  const { origin, port } = new URL(url)
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
  const entered = await fetch(`http://127.0.0.1:${port}/api/enter`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: origin.replace('localhost', '127.0.0.1') },
    body: JSON.stringify({ token }),
  })
  expect(entered.status).toBe(200)

  await expect(openDatabase({ kind: 'embedded', dir: dataDir, prepared: null }, silentLog)).rejects.toThrow(DatabaseRefusal)

  first.child.kill('SIGTERM')
  expect(await first.exitCode).toBe(0)
  const lines = first
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { msg: string })
  expect(lines.map(({ msg }) => msg).slice(-2)).toEqual(['stopping', 'stopped'])
  expect(JSON.stringify(lines)).not.toContain(token)
})
