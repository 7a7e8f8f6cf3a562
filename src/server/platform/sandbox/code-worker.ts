import childProcess from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import { constants, writeSync } from 'node:fs'
import net from 'node:net'
import type { CodeJob, CodeReply } from './protocol.ts'
import { openJavaScript } from './run-javascript.ts'
import { openPython } from './run-python.ts'

/**
 * The process in which foreign code runs, once: `code-worker <language> <address of the interpreter>`. It has no environment, may read nothing but the interpreter's own files (Node's permission model) and
 * cannot make code from text. The interpreter is loaded before the job is read, so that a process can stand ready.
 */
const [language, address] = process.argv.slice(2) as [string, string]
const memoryBytes = 256 * 1024 * 1024

limitWebAssembly()
// The permission model refuses this; the interpreter reads these constants by it.
Object.assign(process, { binding: () => ({ fs: constants }) })
const exit = process.exit.bind(process)
const { stdin } = process
const run = await (language === 'python' ? openPython(address) : openJavaScript(address))
closeDoors()

let text = ''
for await (const chunk of stdin.setEncoding('utf8')) text += chunk as string
const job = JSON.parse(text) as CodeJob
const reply: CodeReply = run(job)
const bytes = new TextEncoder().encode(JSON.stringify(reply))
for (let at = 0; at < bytes.length; ) at += writeSome(bytes, at)
exit(0)

/** A pipe that is full says so. */
function writeSome(data: Uint8Array, at: number): number {
  try {
    return writeSync(1, data, at)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0
    throw error
  }
}

/** The memory of WebAssembly lies outside of the heap that a process can be limited to. */
function limitWebAssembly(): void {
  const { prototype } = WebAssembly.Memory
  const grow = prototype.grow
  prototype.grow = function (this: WebAssembly.Memory, pages: number) {
    if (this.buffer.byteLength + pages * 65_536 > memoryBytes) throw new RangeError('too much memory')
    return grow.call(this, pages)
  }
}

/** For whoever finds a way out of the interpreter all the same: Node's permission model knows no network. */
function closeDoors(): void {
  const refuse = () => {
    throw new Error('refused')
  }
  for (const methods of [net.Socket.prototype, net.Server.prototype, dgram.Socket.prototype, dns, dns.promises, net, dgram, childProcess]) {
    for (const name of [
      'connect',
      'listen',
      'bind',
      'send',
      'lookup',
      'resolve',
      'createConnection',
      'createServer',
      'createSocket',
      'spawnSync',
    ])
      if (name in methods) Object.defineProperty(methods, name, { value: refuse })
  }
  for (const name of ['process', 'require', 'fetch', 'WebSocket', 'EventSource', 'Worker', 'Buffer', 'navigator', 'module', 'exports'])
    Reflect.deleteProperty(globalThis, name)
}
