import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten'
import { type CodeJob, type CodeReply, maxOutputLength, maxValueLength } from './protocol.ts'

const heapBytes = 128 * 1024 * 1024
const stackBytes = 256 * 1024

/** How values are shown, in the guest's own terms: nothing of it runs outside. */
const prelude = `(() => {
  const { stringify } = JSON, { isArray } = Array, S = String
  const show = (value) => {
    if (typeof value === 'string') return value
    if (typeof value === 'function' || typeof value === 'symbol') return S(value)
    if (value instanceof Error) return (value.stack ? value.name + ': ' + value.message + '\\n' + value.stack : S(value)).trimEnd()
    if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? value + 'n' : S(value)
    if (value instanceof Map) return 'Map ' + show([...value])
    if (value instanceof Set) return 'Set ' + show([...value])
    try { return stringify(value, (_, inner) => typeof inner === 'bigint' ? inner + 'n' : inner instanceof Map || inner instanceof Set ? [...inner] : inner, isArray(value) ? 0 : 1) ?? S(value) } catch { return S(value) }
  }
  return show
})()`

/** Loads the interpreter. What it gives back runs one piece of code. */
export async function openJavaScript(address: string): Promise<(job: CodeJob) => CodeReply> {
  const { getQuickJS } = (await import(address)) as typeof import('quickjs-emscripten')
  const library = await getQuickJS()

  return ({ code, files }) => {
    const runtime = library.newRuntime()
    runtime.setMemoryLimit(heapBytes)
    runtime.setMaxStackSize(stackBytes)
    const context = runtime.newContext()
    const show = context.unwrapResult(context.evalCode(prelude))
    const shown = (value: QuickJSHandle, limit: number) => {
      const text = context.callFunction(show, context.undefined, value)
      if (text.error) return '(cannot be shown)'
      return context.getString(text.value).slice(0, limit)
    }
    let stdout = ''
    let isCut = false
    const print = context.newFunction('log', (...values) => {
      if (isCut) return
      const line = `${values.map((value) => shown(value, maxOutputLength + 1)).join(' ')}\n`
      if (stdout.length + line.length > maxOutputLength) isCut = true
      stdout += line.slice(0, maxOutputLength - stdout.length)
    })
    const console = context.newObject()
    for (const name of ['log', 'info', 'warn', 'error', 'debug']) context.setProp(console, name, print)
    context.setProp(context.global, 'console', console)
    context.setProp(context.global, 'print', print)
    giveFiles(context, files)

    const failed = (error: QuickJSHandle) => ({ stdout, isCut, value: null, error: shown(error, maxValueLength) })
    const evaluated = evaluate(context, code)
    if (evaluated.error) return failed(evaluated.error)
    let value = evaluated.value
    const jobs = runtime.executePendingJobs()
    if (jobs.error) return failed(jobs.error)
    const promise = context.getPromiseState(value)
    if (promise.type === 'rejected') return failed(promise.error)
    if (promise.type === 'pending')
      return { stdout, isCut, value: null, error: 'The promise was never settled: there are no timers and no network here.' }
    value = promise.value
    return { stdout, isCut, value: context.typeof(value) === 'undefined' ? null : shown(value, maxValueLength), error: null }
  }
}

/** As a script, whose value is its last expression's; where it waits at its top, as the body of a function. */
function evaluate(context: QuickJSContext, code: string) {
  const result = context.evalCode(code, 'code.js')
  if (!result.error || !/\b(?:await|return)\b/.test(code)) return result
  const name = context.getProp(result.error, 'name').consume((handle) => context.getString(handle))
  return name === 'SyntaxError' ? context.evalCode(`(async () => {${code}\n})()`, 'code.js') : result
}

/** `readFile(name)` gives text, `readBytes(name)` a Uint8Array, `files` the names. */
function giveFiles(context: QuickJSContext, files: CodeJob['files']): void {
  const find = (handle: QuickJSHandle | undefined) => {
    const name = handle ? context.getString(handle) : ''
    const file = files.find((one) => one.name === name)
    return file && Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0))
  }
  const missing = () => ({ error: context.newError('there is no file of this name') })
  const text = context.newFunction('readFile', (name) => {
    const bytes = find(name)
    return bytes ? context.newString(new TextDecoder().decode(bytes)) : missing()
  })
  const raw = context.newFunction('readBytes', (name) => {
    const bytes = find(name)
    if (!bytes) return missing()
    const buffer = context.newArrayBuffer(bytes.buffer)
    const make = context.getProp(context.global, 'Uint8Array')
    const reflect = context.getProp(context.global, 'Reflect')
    const args = context.newArray()
    context.setProp(args, 0, buffer)
    return context.callMethod(reflect, 'construct', [make, args])
  })
  const names = context.newArray()
  files.forEach(({ name }, index) => context.setProp(names, index, context.newString(name)))
  context.setProp(context.global, 'readFile', text)
  context.setProp(context.global, 'readBytes', raw)
  context.setProp(context.global, 'files', names)
}
