import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { isAlive } from '../../../../test/support/server-process.ts'

/** Plays the server: opens the program as a transport does, says what it has started, and goes on until it is killed. */
const server = `
import { StdioTransport } from ${JSON.stringify(join(import.meta.dirname, 'stdio-transport.ts'))}
const command = process.execPath
// It ignores the end of its input and every signal that can be ignored, and so does what it starts.
const stubborn = "process.on('SIGTERM', () => {}); process.on('SIGHUP', () => {}); setInterval(() => {}, 1e6);"
const program = stubborn + "const child = require('node:child_process').spawn(process.execPath, ['-e', " + JSON.stringify(stubborn) + "], { stdio: 'inherit' });"
  + "process.stdout.write(JSON.stringify({ jsonrpc: '2.0', method: 'pids', params: [process.pid, child.pid] }) + '\\\\n')"
for (let count = 0; count < 2; count++) {
  const transport = new StdioTransport({ transport: 'stdio', command, args: ['-e', program], env: {}, cwd: '/' })
  transport.onmessage = ({ params }) => console.log(JSON.stringify(params))
  await transport.start()
}
process.on('message', () => {})
`

test('programs that ignore everything die with a server that is killed, and so does what they have started', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', server], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const pids: number[] = []
  for await (const line of createInterface(child.stdout!)) {
    pids.push(...(JSON.parse(line) as number[]))
    if (pids.length === 4) break
  }
  expect(pids.map(isAlive)).toEqual([true, true, true, true])

  child.kill('SIGKILL')
  await once(child, 'exit')

  await expect.poll(() => pids.map(isAlive)).toEqual([false, false, false, false])
})
