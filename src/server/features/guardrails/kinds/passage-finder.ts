import { Worker } from 'node:worker_threads'
import type { Finding } from './finding.ts'
import type { PassageReply, PassageRequest } from './passage-worker.ts'
import { findPassages, type Wanted } from './passages.ts'

/** So much is looked through at once where nothing can take long. */
const shortText = 20_000
const limitMs = 1_000
const limitMsPerMegabyte = 5_000
/** A rule that took too long is not tried again for a while: everybody's wait behind it. */
const restMs = 60_000
const idleMs = 60_000

export interface PassageFinder {
  /** Throws where it took too long. */
  find(text: string, wanted: Wanted): Promise<Finding[]>
  close(): Promise<void>
}

const tooLong = () => new Error('this rule takes too long')

interface Asked {
  request: PassageRequest
  key: string
  resolve(findings: Finding[]): void
  reject(reason: unknown): void
}

/** Long texts and people's own expressions, which may be written so that they never end, are looked through in a thread that can be ended, one after the other. */
export function createPassageFinder(): PassageFinder {
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let deadline: NodeJS.Timeout | undefined
  let current: Asked | undefined
  let nextId = 1
  const waiting: Asked[] = []
  const resting = new Map<string, number>()

  function rests(key: string): boolean {
    const until = resting.get(key)
    if (until !== undefined && until > performance.now()) return true
    resting.delete(key)
    return false
  }

  function start(): Worker {
    const started = new Worker(new URL('./passage-worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 256 } })
    started.unref()
    started.on('message', (reply: PassageReply | 'ready') => {
      if (reply === 'ready') return watch()
      if (reply.id !== current?.request.id) return
      const { resolve, reject } = current
      end()
      if ('error' in reply) reject(new Error(reply.error))
      else resolve(reply.found)
      next()
    })
    started.on('error', (error) => fail(started, error))
    started.on('exit', () => fail(started, new Error('the search for passages ended unexpectedly')))
    return started
  }

  function watch() {
    if (!current) return
    const { key, request } = current
    clearTimeout(deadline)
    const limit = limitMs + (limitMsPerMegabyte * request.text.length) / 1_000_000
    deadline = setTimeout(() => {
      if (resting.size > 1_000) resting.clear()
      resting.set(key, performance.now() + restMs)
      const late = worker
      if (late) fail(late, new Error(`a rule did not end within ${Math.round(limit)} ms`))
      void late?.terminate()
    }, limit)
  }

  function end() {
    clearTimeout(deadline)
    current = undefined
  }

  function fail(which: Worker, reason: Error) {
    if (worker !== which) return
    worker = undefined
    const failed = current
    end()
    failed?.reject(reason)
    next()
  }

  function next() {
    if (current) return
    clearTimeout(idle)
    current = waiting.shift()
    // It took too long for somebody before: who waits behind it does not wait for it once more.
    while (current && rests(current.key)) {
      current.reject(tooLong())
      current = waiting.shift()
    }
    if (!current) {
      worker?.unref()
      idle = setTimeout(() => void stop(), idleMs).unref()
      return
    }
    const isNew = !worker
    worker ??= start()
    worker.ref()
    worker.postMessage(current.request)
    if (!isNew) watch()
  }

  async function stop() {
    clearTimeout(idle)
    const stopping = worker
    worker = undefined
    await stopping?.terminate()
  }

  return {
    async find(text, wanted) {
      if (wanted.expressions.length === 0 && text.length <= shortText) return findPassages(text, wanted)
      const key = JSON.stringify(wanted)
      if (rests(key)) throw tooLong()
      return new Promise((resolve, reject) => {
        waiting.push({ request: { id: nextId++, wanted, text }, key, resolve, reject })
        next()
      })
    },
    async close() {
      const left = waiting.splice(0)
      const failed = current
      end()
      for (const { reject } of failed ? [failed, ...left] : left) reject(new Error('the server is stopping'))
      await stop()
    },
  }
}
