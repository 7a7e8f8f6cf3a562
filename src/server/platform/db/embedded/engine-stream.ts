import { Duplex } from 'node:stream'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../errors/index.ts'
import { translateFailure } from '../failure.ts'
import { type FromWorker, isFromWorker, type ToWorker, type WorkerStart } from './worker-messages.ts'

/**
 * The embedded engine as the socket that the PostgreSQL driver expects: wire protocol in and out of a thread of its own, so that a slow statement
 * does not stop the streams that this process serves.
 */
export class EngineStream extends Duplex {
  readonly #worker: Worker
  /** Set when the engine ended on its own, never by `destroy`. */
  onCrash: ((error: Error) => void) | undefined

  private constructor(worker: Worker) {
    super({ writableHighWaterMark: 16 * 1024 * 1024 })
    this.#worker = worker
  }

  /** Rejects with `storage.*` or `database.unavailable` when the directory cannot be opened. */
  static async open(start: WorkerStart): Promise<EngineStream> {
    // stdout and stderr stay inside: the engine's notices are no lines of this server's log.
    const worker = new Worker(new URL('./db-worker.ts', import.meta.url), {
      workerData: start,
      stdout: true,
      stderr: true,
      name: 'database',
    })
    const stream = new EngineStream(worker)
    worker.stderr.resume()
    worker.stdout.resume()
    try {
      await new Promise<void>((resolve, reject) => {
        worker.once('error', reject)
        worker.once('exit', (code) => reject(new Error(`The database thread ended with code ${code}.`)))
        worker.on('message', (message: unknown) => {
          if (message === 'ready') resolve()
          else if (isFromWorker(message)) reject(engineError(message))
        })
      })
    } catch (error) {
      await worker.terminate()
      stream.destroy()
      const translated = translateFailure(error)
      throw translated instanceof AppError ? translated : new AppError('database.unavailable', { cause: error })
    }
    stream.#follow()
    return stream
  }

  #follow() {
    this.#worker.removeAllListeners('error')
    this.#worker.removeAllListeners('exit')
    this.#worker.removeAllListeners('message')
    this.#worker.on('message', (message: unknown) => {
      if (!isFromWorker(message)) return
      if (message instanceof Uint8Array) this.push(Buffer.from(message.buffer, message.byteOffset, message.byteLength))
      else if (message === 'closed') this.push(null)
      else if (message !== 'ready') this.#crashed(engineError(message))
    })
    this.#worker.on('error', (error) => this.#crashed(error))
    this.#worker.on('exit', () => {
      if (!this.destroyed && !this.readableEnded) this.#crashed(new Error('The database thread ended.'))
    })
  }

  #crashed(error: Error) {
    if (this.destroyed) return
    this.onCrash?.(error)
    this.destroy(error)
  }

  override _read() {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void) {
    this.#post([chunk])
    done()
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void) {
    this.#post(chunks.map(({ chunk }) => chunk))
    done()
  }

  #post(chunks: Buffer[]) {
    const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    // A copy: the driver's buffers lie in larger ones that posting would copy whole.
    const message = new Uint8Array(size)
    let offset = 0
    for (const chunk of chunks) {
      message.set(chunk, offset)
      offset += chunk.length
    }
    if (message[0] === terminate) return
    this.#worker.postMessage(message satisfies ToWorker, [message.buffer])
  }

  /** Closes the database properly and ends the thread. */
  async close(): Promise<void> {
    if (!this.destroyed) {
      const ended = new Promise<void>((resolve) => {
        this.#worker.once('exit', () => resolve())
        this.#worker.on('message', (message: unknown) => message === 'closed' && resolve())
      })
      this.#worker.postMessage('close' satisfies ToWorker)
      await ended
    }
    this.destroy()
    await this.#worker.terminate()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void) {
    void this.#worker.terminate().then(() => done(error))
  }

  // The rest of a socket that the driver asks for.
  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  connect(): this {
    setImmediate(() => this.emit('connect'))
    return this
  }

  ref(): this {
    this.#worker.ref()
    return this
  }

  unref(): this {
    this.#worker.unref()
    return this
  }
}

/** The first byte of the driver's goodbye, which the engine must not act on: `close` ends it in order. */
const terminate = 'X'.charCodeAt(0)

function engineError(message: FromWorker): Error {
  if (typeof message !== 'object' || message instanceof Uint8Array) return new Error('The database thread answered out of turn.')
  const error = new Error(`The embedded database stopped: ${message.crash}`)
  const full = /no space left|disk full|ENOSPC/i.test(message.crash)
  const readOnly = /read-only file system|permission denied|EACCES|EROFS/i.test(message.crash)
  const code = full ? 'ENOSPC' : readOnly ? 'EROFS' : (message.errno ?? 'ECONNRESET')
  return Object.assign(error, { code })
}
