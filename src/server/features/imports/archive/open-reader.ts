import { Worker } from 'node:worker_threads'
import { AppError } from '../../../platform/errors/index.ts'
import type { BatchSize } from '../batches.ts'
import type { ArchiveJob, ArchiveReply, OpenedArchive } from './archive-worker.ts'
import type { ReadItem } from './read-archive.ts'

export interface Reader extends AsyncDisposable {
  opened: OpenedArchive
  /** Its conversations, once. Error: what is wrong with the archive, after what was whole. */
  batches(): AsyncGenerator<ReadItem[]>
}

/** Memory of the worker, in megabytes: what archives of usual conversations need, and what one of the largest that are read does. */
const rooms = { usual: 64, large: 2_048 } as const
type Room = keyof typeof rooms

/**
 * Reads an archive in a thread of its own: requests are answered meanwhile, and its memory has a limit. A conversation for which that is too little is read once more with
 * room enough.
 */
export async function openReader(path: string, size: BatchSize, fromPosition: number): Promise<Reader> {
  const first = await startWithRoom({ path, fromPosition, size })
  const usual = first.room
  let connection = first.connection
  const restart = async (position: number, room: Room) => {
    await connection.close()
    const sized = room === usual ? size : { ...size, conversations: 1 }
    connection = (await start({ path, fromPosition: position, size: sized }, room)).connection
  }
  return {
    opened: first.archive,
    async *batches() {
      let position = fromPosition
      let room = usual
      for (;;) {
        try {
          const reply = await connection.next()
          if (reply.kind !== 'batch') return
          position = reply.items.at(-1)!.position + 1
          yield reply.items
          if (room === usual) continue
          room = usual
        } catch (error) {
          if (!isOutOfMemory(error)) throw error
          if (room === 'large') yield [{ position: position++, bytes: 0, read: 'too_large' }]
          room = room === 'large' ? usual : 'large'
        }
        await restart(position, room)
      }
    },
    [Symbol.asyncDispose]: () => connection.close(),
  }
}

/** The directory of an archive of very many files needs more room than any conversation. Error beside those of opening: `import.too_much`. */
async function startWithRoom(job: ArchiveJob): Promise<{ connection: Connection; archive: OpenedArchive; room: Room }> {
  for (const room of ['usual', 'large'] as const) {
    try {
      return { ...(await start(job, room)), room }
    } catch (error) {
      if (!isOutOfMemory(error)) throw error
    }
  }
  throw new AppError('import.too_much')
}

async function start(job: ArchiveJob, room: Room): Promise<{ connection: Connection; archive: OpenedArchive }> {
  const connection = new Connection(job, room)
  try {
    const reply = await connection.next()
    if (reply.kind !== 'opened') throw new Error(`An archive's first reply was ${reply.kind}.`)
    return { connection, archive: reply.archive }
  } catch (error) {
    await connection.close()
    throw error
  }
}

const isOutOfMemory = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'

/** Asks a worker for one reply after the other. */
class Connection {
  readonly #worker: Worker
  #waiting: PromiseWithResolvers<ArchiveReply> | undefined
  #failure: Error | undefined

  constructor(job: ArchiveJob, room: Room) {
    this.#worker = new Worker(new URL('./archive-worker.ts', import.meta.url), {
      workerData: job,
      name: 'archive',
      resourceLimits: { maxOldGenerationSizeMb: rooms[room], maxYoungGenerationSizeMb: 6 },
    })
    this.#worker.on('message', (reply: ArchiveReply) => this.#waiting?.resolve(reply))
    this.#worker.on('error', (error: Error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('The thread that reads an archive has ended.')))
  }

  /** Errors: those of `openArchive` and `readArchive`. */
  async next(): Promise<ArchiveReply> {
    if (this.#failure) throw this.#failure
    this.#waiting = Promise.withResolvers()
    this.#worker.postMessage(null)
    const reply = await this.#waiting.promise
    if (reply.kind === 'refused') throw new AppError(reply.code, { cause: new Error(reply.cause) })
    return reply
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#waiting?.reject(this.#failure)
  }
}
