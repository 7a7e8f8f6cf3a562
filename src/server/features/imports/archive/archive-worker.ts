import { parentPort, workerData } from 'node:worker_threads'
import type { ErrorCode } from '../../../../contract/errors.ts'
import { AppError } from '../../../platform/errors/index.ts'
import { batchesOf, type BatchSize } from '../batches.ts'
import { openArchive } from './open-archive.ts'
import { type ReadItem, readArchive } from './read-archive.ts'

export interface ArchiveJob {
  path: string
  fromPosition: number
  size: BatchSize
}

export interface OpenedArchive {
  totalBytes: number
  unreadFiles: number
}

/** One for each message to the worker, which says no more than that the next one is wanted. */
export type ArchiveReply =
  | { kind: 'opened'; archive: OpenedArchive }
  | { kind: 'batch'; items: ReadItem[] }
  | { kind: 'end' }
  | { kind: 'refused'; code: ErrorCode; cause: string }

const port = parentPort!
const { path, fromPosition, size } = workerData as ArchiveJob
const wanted: (() => void)[] = []
let waiting = 0
port.on('message', () => {
  const next = wanted.shift()
  if (next) next()
  else waiting++
})

async function reply(answer: ArchiveReply): Promise<void> {
  if (waiting > 0) waiting--
  else await new Promise<void>((resolve) => wanted.push(resolve))
  const texts =
    answer.kind === 'batch' ? answer.items.flatMap(({ read }) => (typeof read === 'string' ? [] : [read.texts.buffer as ArrayBuffer])) : []
  port.postMessage(answer, texts)
}

try {
  await using archive = await openArchive(path)
  const totalBytes = archive.texts.reduce((sum, { bytes }) => sum + bytes, 0)
  await reply({ kind: 'opened', archive: { totalBytes, unreadFiles: archive.unreadFiles } })
  for await (const items of batchesOf(readArchive(archive, fromPosition), size)) await reply({ kind: 'batch', items })
  await reply({ kind: 'end' })
} catch (error) {
  if (!(error instanceof AppError)) throw error
  await reply({ kind: 'refused', code: error.code, cause: String(error.cause) })
}
port.close()
