import { createWriteStream } from 'node:fs'
import { access, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { CompiledQuery } from 'kysely'
import { EmbeddedConnection } from '../embedded/embedded-connection.ts'
import { unpackTarball } from '../embedded/tar.ts'
import { translateFailure } from '../failure.ts'
import type { Database } from '../index.ts'
import { DatabaseRefusal } from '../refusal.ts'
import { listPartitions, listSequences, listTables, quote, type Run, rowAsText } from './catalog.ts'
import { Digest, type DumpOptions, type DumpSummary, formatVersion, type Header, type Line, notice, textSettings } from './format.ts'

/** Rows are fetched in batches of about this size. */
const batchBytes = 512 * 1024
const maxBatchRows = 2_000

/**
 * Writes everything in the database, as it is at one moment, to a new file. Others go on working: PostgreSQL gives a snapshot, and of an embedded
 * database a copy of its files is read. Throws AppError `storage.full`; a backup that fails or is aborted leaves no file.
 */
export async function backup(database: Database, toPath: string, options: DumpOptions = {}): Promise<DumpSummary> {
  const exists = await access(toPath).then(
    () => true,
    () => false,
  )
  if (exists) throw new DatabaseRefusal('file_exists', `${toPath} exists. Name a new file for the backup.`)
  const part = join(dirname(toPath), `.${basename(toPath)}.part`)
  try {
    const counts = { tables: 0, rows: 0 }
    await withConsistentView(database, dirname(toPath), async (run) => {
      const lines = Readable.from(chunked(write(run, database.kind, counts, options)))
      await pipeline(lines, createGzip(), createWriteStream(part, { mode: 0o600, flush: true }), { signal: options.signal })
    })
    await rename(part, toPath)
    return { ...counts, sizeBytes: (await stat(toPath)).size, notice }
  } catch (error) {
    await rm(part, { force: true })
    throw translateFailure(error)
  }
}

async function* write(
  run: Run,
  from: Database['kind'],
  counts: { tables: number; rows: number },
  { onProgress }: DumpOptions,
): AsyncGenerator<string> {
  const asLine = (line: Line | Header) => `${JSON.stringify(line)}\n`
  const schema = (await run('select number, name, sha256 from schema_migration order by number')) as Header['schema']
  yield asLine({ parley: 'backup', format: formatVersion, createdAt: new Date().toISOString(), from, schema, notice })
  for (const { name, parent, bounds } of await listPartitions(run)) yield asLine({ partition: name, of: parent, bounds })
  for (const table of await listTables(run)) {
    yield asLine({ table: table.name, columns: table.columns.map(({ name }) => name) })
    const digest = new Digest()
    for await (const rows of readRows(run, `select ${rowAsText(table)} as row from ${quote(table.name)}`)) {
      for (const row of rows) {
        digest.add(row)
        yield `${row}\n`
      }
      onProgress?.({ phase: 'writing', table: table.name, rows: counts.rows + digest.rows })
    }
    yield asLine({ end: table.name, rows: digest.rows, digest: digest.toString() })
    counts.tables += 1
    counts.rows += digest.rows
  }
  for (const { name, value, isCalled } of await listSequences(run)) yield asLine({ sequence: name, value, isCalled })
  yield asLine({ done: true, ...counts })
}

/** Batches through a cursor, as many rows at a time as fit their size. The caller is in a transaction. */
export async function* readRows(run: Run, query: string): AsyncGenerator<string[]> {
  await run(`declare dump no scroll cursor for ${query}`)
  let count = 50
  while (true) {
    const rows = ((await run(`fetch ${count} from dump`)) as { row: string }[]).map(({ row }) => row)
    if (rows.length > 0) yield rows
    if (rows.length < count) break
    const bytesPerRow = rows.reduce((sum, row) => sum + row.length, 0) / rows.length
    count = Math.max(1, Math.min(maxBatchRows, count * 4, Math.floor(batchBytes / bytesPerRow)))
  }
  await run('close dump')
}

async function withConsistentView<T>(database: Database, scratchDir: string, work: (run: Run) => Promise<T>): Promise<T> {
  if (database.files) return withCopy(database.files, scratchDir, work)
  return database.background
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const run: Run = async (sql, params = []) => (await tx.executeQuery(CompiledQuery.raw(sql, [...params]))).rows
      for (const setting of textSettings.split(';')) await run(setting)
      return work(run)
    })
}

/** The embedded database has one connection: a long transaction on it would make everybody wait. */
async function withCopy<T>(files: NonNullable<Database['files']>, scratchDir: string, work: (run: Run) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(scratchDir, '.backup-'))
  try {
    await files.copyTo(join(folder, 'copy.tar.gz'))
    await unpackTarball(join(folder, 'copy.tar.gz'), join(folder, 'database'))
    const copy = new EmbeddedConnection({ dir: join(folder, 'database'), prepared: null }, { debug() {}, info() {}, warn() {}, error() {} })
    try {
      const lease = await copy.lease('foreground')
      try {
        await lease.run('begin')
        await lease.run(textSettings)
        return await work(async (sql, params) => (await lease.run(sql, params)).rows)
      } finally {
        lease.release()
      }
    } finally {
      await copy.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Few large writes instead of one per row. */
async function* chunked(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = ''
  for await (const line of lines) {
    chunk += line
    if (chunk.length >= batchBytes) {
      yield chunk
      chunk = ''
    }
  }
  yield chunk
}
