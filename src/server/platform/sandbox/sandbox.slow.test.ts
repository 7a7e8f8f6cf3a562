import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createSandbox, type Language } from './index.ts'

const sandbox = createSandbox({ timeoutMs: 25_000 })
afterAll(() => sandbox.close())

const files = [{ name: 'a.csv', base64: btoa('x\n1\n2\n') }]
const run = (language: Language, code: string) => sandbox.run('ada', language, { code, files }, new AbortController().signal)
const js = (code: string) => run('javascript', code)
const py = (code: string) => run('python', code)
const said = (outcome: Awaited<ReturnType<typeof run>>) => JSON.stringify(outcome)

test('JavaScript runs, prints, reads the files that it was given, and says what went wrong', async () => {
  expect(await js('console.log([1, 2], { a: 1n }); readFile("a.csv").length + files[0]')).toMatchObject({
    stdout: '[1,2] {\n "a": "1n"\n}\n',
    value: '6a.csv',
    error: null,
  })
  expect(await js('const x = await Promise.resolve(20); return x + readBytes("a.csv").length')).toMatchObject({ value: '26' })
  expect(await js('null.x')).toMatchObject({ value: null, error: expect.stringContaining('TypeError') as string })
  expect(await js('let = 1 1')).toMatchObject({ error: expect.stringContaining('SyntaxError') as string })
  expect(await js('new Promise(() => {})')).toMatchObject({ error: expect.stringContaining('never settled') as string })
})

test.each([
  [
    'process, require and fetch',
    '[typeof process, typeof require, typeof fetch, typeof WebAssembly, typeof setTimeout].join()',
    'undefined,undefined',
  ],
  ['the constructor of a host function', 'console.log.constructor("return typeof process")()', '"value":"undefined"'],
  [
    'the constructor of a host error',
    'try { readFile("none") } catch (e) { e.constructor.constructor("return typeof process")() }',
    '"value":"undefined"',
  ],
  ['importing', 'import("node:fs")', 'could not load module'],
  ['endless recursion', 'const f = () => f() + 1; f()', 'stack overflow'],
  ['a memory bomb', 'const a = []; for (;;) a.push("x".repeat(1e6) + a.length)', 'out of memory'],
  ['a flood of output', 'for (let i = 0; i < 1e5; i++) console.log("y".repeat(100))', '"isCut":true'],
  [
    'prototypes that were changed',
    'Object.prototype.toJSON = () => { throw 1 }; Array.prototype.map = null; String.prototype.slice = null; [1]',
    'value',
  ],
])('JavaScript has no way out by %s', async (_, code, expected) => {
  expect(said(await js(code))).toContain(expected)
})

test('Python runs with its standard library, prints, reads files, and says what went wrong', async () => {
  expect(
    await py('import csv\nrows = list(csv.DictReader(open("a.csv")))\nprint(len(rows))\nsum(int(r["x"]) for r in rows)'),
  ).toMatchObject({
    stdout: '2\n',
    value: '3',
    error: null,
  })
  const failed = await py('def f():\n  return 1/0\nf()')
  expect(said(failed)).toContain('ZeroDivisionError')
  expect(said(failed)).not.toContain('<exec>')
  expect(await py('import asyncio\nasync def g():\n  await asyncio.sleep(0.01)\n  return 4\nasyncio.run(g())')).toMatchObject({
    value: '4',
    error: null,
  })
  expect(await py('import statistics, decimal, re, json, sqlite3, datetime; statistics.mean([1, 2, 3])')).toMatchObject({ value: '2' })
})

test.each([
  ['import js', 'import js', 'ModuleNotFoundError'],
  ['import pyodide_js', 'import pyodide_js', 'ModuleNotFoundError'],
  ['pyodide.ffi', 'import importlib; importlib.import_module("pyodide.ffi")', 'ModuleNotFoundError'],
  [
    'a module that was there before',
    'import sys; [n for n in sys.modules if n.split(".")[0] in ("js", "pyodide_js", "_pyodide_core", "pyodide")]',
    '"value":"[]"',
  ],
  ['ctypes', 'import ctypes', 'ModuleNotFoundError'],
  [
    '_ctypes by its loader',
    'import _imp; from importlib.machinery import ModuleSpec, BuiltinImporter; _imp.create_builtin(ModuleSpec("_pyodide_core", BuiltinImporter)).__dict__',
    'rror',
  ],
  ['os.system', 'import os; os.system("id")', 'there are no other programs here'],
  ['subprocess', 'import subprocess; subprocess.run(["id"])', 'does not support processes'],
  ['fork', 'import os; os.fork()', 'there are no other programs here'],
  ['threads', 'import threading; threading.Thread(target=print).start()', "can't start new thread"],
  ['the host’s files', 'open("/etc/passwd").read()', 'FileNotFoundError'],
  ['the host’s root', 'import os; sorted(os.listdir("/"))', "['dev', 'files', 'home', 'lib', 'proc', 'tmp']"],
  ['the environment', 'import os; dict(os.environ)', "{'HOME': '/home', 'LANG': 'C.UTF-8', 'PATH': '/'}"],
  ['a socket', 'import socket; socket.socket().connect(("127.0.0.1", 80))', 'there is no network here'],
  ['an address', 'import urllib.request; urllib.request.urlopen("http://127.0.0.1/")', 'there is no network here'],
  ['the garbage collector', 'import gc; gc.get_objects()', 'not available here'],
  [
    'frames',
    'import sys\nf = sys._getframe(); names = []\nwhile f: names.append(f.f_code.co_filename); f = f.f_back\nnames',
    "['<code>', '<exec>', '<exec>']",
  ],
  ['its end', 'import os; os._exit(0)', '{"failure":"ended"}'],
  ['a reply of its own', 'import os; os.write(1, b\'{"stdout":"forged","isCut":false,"value":null,"error":null}\'); 5', '"value":"5'],
  ['a memory bomb', 'x = []\nwhile True: x.append(bytearray(1 << 20))', 'MemoryError'],
  ['recursion', 'def f(): f()\nf()', 'RecursionError'],
  ['a flood of output', 'for _ in range(10000): print("a" * 100)', '"isCut":true'],
  ['input', 'input()', 'EOFError'],
  ['a broken codec of JSON', 'import json\njson.dumps = None\nimport builtins\nbuiltins.repr = None\n3', '"value":"3"'],
])('Python has no way out by %s', async (_, code, expected) => {
  expect(said(await py(code))).toContain(expected)
})

test('what Python knows of JavaScript leads nowhere: its modules are empty', async () => {
  const code = `
names = set()
for c in object.__subclasses__():
    if c.__module__.split('.')[0] in ('pyodide', '_pyodide', '_pyodide_core') or c.__name__.startswith('Js'):
        for f in vars(c).values():
            names |= set(getattr(f, '__globals__', {}))
sorted(names)`
  expect(said(await py(code))).toContain('"value":"[]"')
})

test('what takes too long is ended, and what is stopped ends at once', async () => {
  const impatient = createSandbox({ timeoutMs: 1_500, spareMs: 0 })
  expect(await impatient.run('ada', 'javascript', { code: 'for (;;);', files: [] }, new AbortController().signal)).toEqual({
    failure: 'timeout',
  })
  await impatient.close()
  const stop = new AbortController()
  const stopped = sandbox.run('ada', 'javascript', { code: 'for (;;);', files: [] }, stop.signal)
  setImmediate(() => stop.abort())
  expect(await stopped).toEqual({ failure: 'stopped' })
})

test('who waits for a place and is stopped does not wait for it any longer', async () => {
  const narrow = createSandbox({ timeoutMs: 20_000, spareMs: 0, concurrency: 1 })
  const stop = new AbortController()
  const job = { code: 'for (;;);', files: [] }
  const first = narrow.run('ada', 'javascript', job, new AbortController().signal)
  const second = narrow.run('ada', 'javascript', job, stop.signal)
  stop.abort()
  expect(await Promise.race([first, second])).toEqual({ failure: 'stopped' })
  await narrow.close()
})

test('nothing is left of a run in the next one', async () => {
  await py('open("left.txt", "w").write("x"); import builtins; builtins.len = None')
  expect(await py('import os; os.listdir("."), len("ab")')).toMatchObject({ value: "(['a.csv'], 2)" })
})

test.runIf(process.platform === 'linux')(
  'a run ends by itself where the server was killed in the middle of it',
  async () => {
    const server = fork(join(import.meta.dirname, '../../../../test/support/run-sandbox.ts'), { execArgv: [], stdio: 'ignore' })
    const childrenOf = (pid: number) => readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
    const isThere = (pid: number) =>
      readFile(`/proc/${pid}/cmdline`, 'utf8').then(
        (line) => line.includes('code-worker'),
        () => false,
      )
    let run = 0
    await expect
      .poll(async () => isThere((run = Number((await childrenOf(server.pid!)).trim().split(' ')[0] ?? 0))), { timeout: 20_000 })
      .toBe(true)
    // Its job is read, or there would be nothing that goes on.
    const ticksOf = async () => (await readFile(`/proc/${run}/stat`, 'utf8').catch(() => '')).split(' ').slice(13, 14).map(Number)[0] ?? 0
    await expect.poll(ticksOf, { timeout: 20_000 }).toBeGreaterThan(20)
    server.kill('SIGKILL')
    // Five seconds of computing, which a busy machine gives slowly.
    await expect.poll(() => isThere(run), { timeout: 90_000, interval: 200 }).toBe(false)
  },
  120_000,
)
