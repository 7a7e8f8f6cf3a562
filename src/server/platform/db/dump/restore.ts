import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip } from 'node:zlib'
import type { Database, DatabaseLog } from '../index.ts'
import { applyMigrations, type Migration, readMigrations } from '../migrate.ts'
import { DatabaseRefusal } from '../refusal.ts'
import { readRows } from './backup.ts'
import { listTables, quote, type Run, rowAsText, type TableInfo } from './catalog.ts'
import { Digest, type DumpOptions, type DumpSummary, Header, Line, notice, textSettings } from './format.ts'
import { dropEverything, findUsedTable } from './pristine.ts'

const batchBytes = 512 * 1024
const maxBatchRows = 5_000

/**
 * Puts a backup into an empty database and brings its schema to this version. The file is checked as a whole first; what arrived is read back and
 * compared before it is committed. Throws DatabaseRefusal: `not_empty`, `backup_damaged`, `schema_newer`, `migration_changed`. A restore that fails
 * or is aborted leaves the database empty.
 */
export async function restore(
  database: Database,
  fromPath: string,
  options: DumpOptions & { log: DatabaseLog; migrationsDir?: string },
): Promise<DumpSummary> {
  const migrations = await readMigrations(options.migrationsDir)
  const { header, counts } = await check(fromPath, migrations, options)
  await database.exclusively(async (run) => {
    const used = await findUsedTable(run)
    if (used) {
      throw new DatabaseRefusal(
        'not_empty',
        `The database is in use: its table ${used} has rows. A backup is restored into an empty database only.`,
      )
    }
    await dropEverything(run)
    const atBackup = migrations.slice(0, header.schema.length)
    await applyMigrations(run, atBackup, options.log)
    await run('begin')
    try {
      await run(textSettings)
      await load(run, fromPath, options)
      await run('commit')
    } catch (error) {
      await run('rollback').catch(() => {})
      throw error
    }
    await applyMigrations(run, migrations.slice(header.schema.length), options.log)
    await run('analyze')
  })
  return { ...counts, sizeBytes: (await stat(fromPath)).size, notice }
}

/** Reads the whole file once: what is damaged is found before anything is touched. */
async function check(
  file: string,
  migrations: readonly Migration[],
  { onProgress, signal }: DumpOptions,
): Promise<{ header: Header; counts: { tables: number; rows: number } }> {
  const counts = { tables: 0, rows: 0 }
  let header: Header | undefined
  let open: { table: string; digest: Digest } | undefined
  let isDone = false
  for await (const entry of readEntries(file, signal)) {
    if (isDone) throw damaged('it goes on after its end')
    if ('row' in entry) {
      if (!open) throw damaged('a row belongs to no table')
      open.digest.add(entry.row)
    } else if ('parley' in entry) {
      header = entry
      requireKnownSchema(entry, migrations)
    } else if ('table' in entry) {
      open = { table: entry.table, digest: new Digest() }
      onProgress?.({ phase: 'checking', table: entry.table, rows: counts.rows })
    } else if ('end' in entry) {
      if (open?.table !== entry.end || open.digest.rows !== entry.rows || open.digest.toString() !== entry.digest) {
        throw damaged(`the rows of ${entry.end} are not the ones that were written`)
      }
      counts.tables += 1
      counts.rows += entry.rows
      open = undefined
    } else if ('done' in entry) {
      isDone = entry.tables === counts.tables && entry.rows === counts.rows
    }
  }
  if (!header || !isDone) throw damaged('its end is missing')
  return { header, counts }
}

function requireKnownSchema({ schema }: Header, migrations: readonly Migration[]): void {
  for (const [index, { name, sha256 }] of schema.entries()) {
    const known = migrations[index]
    if (!known)
      throw new DatabaseRefusal(
        'schema_newer',
        `The backup comes from a newer Parley (its schema has ${name}). Restore it with that version.`,
      )
    if (known.sha256 !== sha256)
      throw new DatabaseRefusal('migration_changed', `The backup was made with another migration ${name} than this version has.`)
  }
}

async function load(run: Run, file: string, { onProgress, signal }: DumpOptions): Promise<void> {
  const tables = new Map((await listTables(run)).map((table) => [table.name, table]))
  const constraints = await dropForeignKeys(run)
  for (const name of tables.keys()) await run(`alter table ${quote(name)} disable trigger user`)
  for (const name of tables.keys()) await run(`delete from ${quote(name)}`) // what the migrations put there is in the backup too

  let insert: Insert | undefined
  let rows = 0
  for await (const entry of readEntries(file, signal)) {
    if ('row' in entry) {
      await insert!.add(entry.row)
    } else if ('partition' in entry) {
      await run(`create table if not exists ${quote(entry.partition)} partition of ${quote(entry.of)} ${entry.bounds}`)
    } else if ('table' in entry) {
      const table = tables.get(entry.table)
      if (!table) throw damaged(`this schema has no table ${entry.table}`)
      insert = new Insert(run, pick(table, entry.columns))
    } else if ('end' in entry) {
      await insert!.flush()
      rows += entry.rows
      onProgress?.({ phase: 'reading', table: entry.end, rows })
      await verify(run, insert!.table, entry)
    } else if ('sequence' in entry) {
      await run('select setval($1::regclass, $2::bigint, $3)', [quote(entry.sequence), entry.value, entry.isCalled])
    }
  }
  for (const name of tables.keys()) await run(`alter table ${quote(name)} enable trigger user`)
  for (const constraint of constraints) await run(constraint) // which checks every reference
}

/** Reads the table back from the database: it must hold exactly what the backup did. */
async function verify(run: Run, table: TableInfo, expected: { end: string; rows: number; digest: string }): Promise<void> {
  const digest = new Digest()
  for await (const rows of readRows(run, `select ${rowAsText(table)} as row from ${quote(table.name)}`))
    for (const row of rows) digest.add(row)
  if (digest.rows !== expected.rows || digest.toString() !== expected.digest) {
    throw new Error(`The table ${table.name} reads back differently than it was written: ${digest.rows} of ${expected.rows} rows.`)
  }
}

function pick(table: TableInfo, columns: readonly string[]): TableInfo {
  const found = columns.map((name) => table.columns.find((column) => column.name === name))
  if (found.length !== table.columns.length || !found.every((column) => column !== undefined)) {
    throw damaged(`the columns of ${table.name} are not those of its schema`)
  }
  return { name: table.name, columns: found }
}

class Insert {
  readonly table: TableInfo
  readonly #run: Run
  readonly #statement: string
  #rows: string[] = []
  #size = 0

  constructor(run: Run, table: TableInfo) {
    this.#run = run
    this.table = table
    const names = table.columns.map(({ name }) => quote(name)).join(', ')
    const values = table.columns.map(({ type }, index) => `(line ->> ${index})::${type}`).join(', ')
    this.#statement = `with lines as materialized (select text::jsonb as line from unnest($1::text[]) as text)
      insert into ${quote(table.name)} (${names}) overriding system value select ${values} from lines`
  }

  async add(row: string): Promise<void> {
    this.#rows.push(row)
    this.#size += row.length
    if (this.#size >= batchBytes || this.#rows.length >= maxBatchRows) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#rows.length === 0) return
    await this.#run(this.#statement, [this.#rows])
    this.#rows = []
    this.#size = 0
  }
}

/** Tables refer to each other in circles, so no order of loading would do. Answers how to put them back. */
async function dropForeignKeys(run: Run): Promise<string[]> {
  const keys = (await run(`
    select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.contype = 'f' and k.conparentid = 0 and c.relnamespace = 'public'::regnamespace`)) as {
    table: string
    name: string
    definition: string
  }[]
  for (const { table, name } of keys) await run(`alter table ${quote(table)} drop constraint ${quote(name)}`)
  return keys.map(({ table, name, definition }) => `alter table ${quote(table)} add constraint ${quote(name)} ${definition}`)
}

type Entry = { row: string } | Header | Line

async function* readEntries(file: string, signal?: AbortSignal): AsyncGenerator<Entry> {
  let isFirst = true
  for await (const text of readLines(file)) {
    signal?.throwIfAborted()
    if (text.startsWith('[')) {
      yield { row: text }
    } else if (isFirst) {
      const header = Header.safeParse(parseJson(text))
      if (!header.success) throw damaged('it does not begin like a backup of Parley that this version can read')
      yield header.data
    } else {
      const line = Line.safeParse(parseJson(text))
      if (!line.success) throw damaged('a line cannot be read')
      yield line.data
    }
    isFirst = false
  }
}

async function* readLines(file: string): AsyncGenerator<string> {
  const source = createReadStream(file)
  const unzipped = source.pipe(createGunzip())
  source.on('error', (error) => unzipped.destroy(error))
  const decoder = new StringDecoder('utf8')
  let rest = ''
  try {
    for await (const chunk of unzipped as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.write(chunk)).split('\n')
      rest = lines.pop()!
      yield* lines
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^Z_|^ERR_ZLIB/.test(String(error.code))) throw damaged('it is not whole', error)
    throw error
  } finally {
    source.destroy()
  }
  if (rest !== '') throw damaged('it ends in the middle of a line')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function damaged(what: string, cause?: unknown): DatabaseRefusal {
  return new DatabaseRefusal('backup_damaged', `The backup is damaged: ${what}. Nothing was restored.`, { cause })
}
