import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { translateFailure } from '../failure.ts'
import type { DatabaseLog } from '../index.ts'
import type { Maintenance } from './maintenance.ts'
import { packFolder, writeTarball } from './tar.ts'

export interface SnapshotOptions {
  everyHours: number
  /** How many of the newest stay; of older ones, the last of each of seven days. */
  keep: number
}

const hourMs = 3_600_000
const retryMs = 5 * 60_000
const pattern = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.tar\.gz$/

/**
 * Copies of the embedded database while it runs. The engine never calls fsync, so a power cut can damage its files; a snapshot is on the disk for
 * good. It is what a kill -9 at this moment would leave: the files in whatever order they are read, then the log of changes since a checkpoint,
 * which repairs them when it is opened. Nobody waits for it.
 */
export class Snapshots {
  readonly #databaseDir: string
  readonly #snapshotsDir: string
  readonly #maintenance: Maintenance
  readonly #log: DatabaseLog
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<unknown> = Promise.resolve()

  constructor(dir: string, databaseDir: string, maintenance: Maintenance, log: DatabaseLog) {
    this.#databaseDir = databaseDir
    this.#snapshotsDir = join(dir, 'snapshots')
    this.#maintenance = maintenance
    this.#log = log
  }

  /** Makes one now and whenever the newest is old enough. */
  async start(options: SnapshotOptions): Promise<void> {
    const newest = (await listSnapshots(this.#snapshotsDir)).at(-1)
    const dueInMs = newest ? newest.at.getTime() + options.everyHours * hourMs - Date.now() : 0
    // Not in the first minute, when the server has better things to do.
    this.#schedule(Math.max(dueInMs, 60_000), options)
  }

  /** Resolves with the file. */
  async take(signal = this.#abort.signal): Promise<string> {
    await mkdir(this.#snapshotsDir, { recursive: true, mode: 0o700 })
    const file = join(this.#snapshotsDir, `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}Z.tar.gz`)
    await this.copyTo(`${file}.part`, signal)
    await rename(`${file}.part`, file)
    await syncFolder(this.#snapshotsDir)
    return file
  }

  /** The database as it is now, as a compressed tar. Removes what it wrote when it fails. */
  async copyTo(file: string, signal?: AbortSignal): Promise<void> {
    const copy = this.#maintenance.holdCheckpoint(async () => {
      try {
        await writeTarball(packFolder(this.#databaseDir, ['pg_wal'], signal), file)
      } catch (error) {
        await rm(file, { force: true })
        throw translateFailure(error)
      }
    })
    this.#running = copy.catch(() => {})
    return copy
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#abort.abort()
    await this.#running
  }

  #schedule(ms: number, options: SnapshotOptions) {
    this.#timer = setTimeout(() => {
      void this.#round(options).then((succeeded) => {
        if (!this.#abort.signal.aborted) this.#schedule(succeeded ? options.everyHours * hourMs : retryMs, options)
      })
    }, ms).unref()
  }

  async #round({ keep }: SnapshotOptions): Promise<boolean> {
    const startedAt = performance.now()
    try {
      const file = await this.take()
      for (const old of superfluous(await listSnapshots(this.#snapshotsDir), keep))
        await rm(join(this.#snapshotsDir, old.file), { force: true })
      this.#log.debug({ file, ms: Math.round(performance.now() - startedAt) }, 'Snapshot of the database taken')
      return true
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#log.error({ err: error }, 'The snapshot of the database failed')
      return false
    }
  }
}

export interface Snapshot {
  file: string
  at: Date
}

/** Oldest first. */
export async function listSnapshots(snapshotsDir: string): Promise<Snapshot[]> {
  const names: string[] = await readdir(snapshotsDir).catch(() => [])
  return names
    .sort()
    .map((file) => ({ file, match: pattern.exec(file) }))
    .flatMap(({ file, match }) => (match ? [{ file, at: new Date(`${match[1]}T${match[2]}:${match[3]}:${match[4]}Z`) }] : []))
}

/** Of snapshots in order of age, those that neither `keep` newest nor one a day for the last seven days that have any would keep. */
export function superfluous(snapshots: readonly Snapshot[], keep: number): Snapshot[] {
  const lastOfDay = new Map(snapshots.map((snapshot) => [snapshot.at.toISOString().slice(0, 10), snapshot]))
  const daily = new Set([...lastOfDay.values()].slice(-7))
  const newest = new Set(snapshots.slice(-keep))
  return snapshots.filter((snapshot) => !daily.has(snapshot) && !newest.has(snapshot))
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return // which cannot open folders
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
