import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts'

/** Larger answers travel in pieces, so that the other side reads while the database goes on. */
const pieceBytes = 256 * 1024

const settings = {
  shared_buffers: '16MB', // with the default of 128 MB the process takes 150-300 MB more and is not faster at this size of data
  wal_buffers: '1MB',
  min_wal_size: '32MB',
  max_wal_size: '64MB',
  wal_recycle: 'off',
  wal_init_zero: 'off', // no pause for writing 16 MB of zeros; the file system allocates as it goes
  jit: 'off',
  TimeZone: 'UTC',
}
const startParams = [...PGlite.defaultStartParams, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]

/** How the engine says "this statement failed"; every other exception that leaves it means that its memory can no longer be trusted. */
const statementFailed = 100

const { dir, prepared } = workerData as WorkerStart
const port = parentPort!
const lastWords: string[] = []
let crash: unknown

const say = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)

function endOfEngine(error: unknown) {
  const text = error instanceof Error ? error.message : String(error)
  const errno = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  say({ crash: [...lastWords, text].join('\n'), errno })
  port.close()
}

async function open(): Promise<PGlite> {
  const engine = await PGlite.create({
    ...(dir === null ? {} : { dataDir: `file://${dir}` }),
    ...(prepared === null ? {} : { loadDataDir: new Blob([prepared]) }),
    extensions: { vector },
    startParams,
    onStderr: (text) => {
      if (/\b(PANIC|FATAL|ERROR)\b/.test(text)) lastWords.splice(0, Math.max(0, lastWords.push(text.trim()) - 5))
      return false
    },
  })
  // PGlite swallows what its main loop throws. An engine that is gone must not look like one that has nothing to say.
  const mod = engine.Module
  const runOnce = mod._PostgresMainLoopOnce
  mod._PostgresMainLoopOnce = () => {
    try {
      runOnce()
    } catch (error) {
      if ((error as { status?: number }).status !== statementFailed) crash ??= error
      throw error
    }
  }
  return engine
}

function execute(engine: PGlite, request: Uint8Array) {
  let pieces: Uint8Array[] = []
  let size = 0
  const flush = () => {
    if (size === 0) return
    const answer = new Uint8Array(size)
    let offset = 0
    for (const piece of pieces) {
      answer.set(piece, offset)
      offset += piece.length
    }
    pieces = []
    size = 0
    say(answer, [answer.buffer])
  }
  const onRawData = (bytes: Uint8Array) => {
    pieces.push(bytes.slice()) // the engine's own memory, overwritten by the next message
    size += bytes.length
    if (size >= pieceBytes) flush()
  }
  // Runs to its end before it returns; only writing to a browser's storage would be asynchronous.
  void engine.execProtocolRawStream(request, { syncToFs: false, onRawData }).catch((error) => {
    crash ??= error
  })
  if (crash === undefined) flush()
}

try {
  const engine = await open()
  const close = async () => {
    await engine.close()
    say('closed')
    port.close()
  }
  port.on('message', (message: ToWorker) => {
    if (message === 'close') return void close().catch(endOfEngine)
    execute(engine, message)
    if (crash !== undefined) endOfEngine(crash)
  })
  say('ready')
} catch (error) {
  endOfEngine(error)
}
