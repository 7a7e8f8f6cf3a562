import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { silentLog } from '../../../../../test/support/postgres.ts'
import { backup, restore } from '../dump.ts'
import { type Database, migrate } from '../index.ts'

type Open = () => Promise<Database & AsyncDisposable>

/** Every kind of column and of relation that a schema of ours may have. */
const firstMigration = `
  create type mood as enum ('calm', 'merry');
  create table place (id uuid primary key, parent_id uuid references place, main_visit_id bigint, name text not null, lowered text generated always as (lower(name)) stored);
  create table visit (
    id bigint generated always as identity primary key, place_id uuid not null references place, at timestamptz, day date, spent numeric, share double precision,
    data jsonb, raw json, bytes bytea, tags text[], counts bigint[], spot vector(3), mood mood, ok boolean, took interval
  );
  alter table place add foreign key (main_visit_id) references visit;
  create table log (id uuid not null, at timestamptz not null, note text, primary key (id, at)) partition by range (at);
  create table log_default partition of log default;
  create function noisy() returns trigger language plpgsql as $$ begin raise exception 'a restore must not fire triggers'; end $$;
  insert into place (id, name) values ('00000000-0000-7000-8000-000000000001', 'Seed');
`

const secondMigration = `alter table visit add cents bigint; update visit set cents = (spent * 100)::bigint; alter table visit drop spent;`

async function fill(database: Database): Promise<void> {
  await database.execute(`
    insert into place (id, parent_id, name)
      select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ('00000000-0000-7000-8000-' || lpad((n - 1)::text, 12, '0'))::uuid, 'Ort ' || n || E' – "Ä\\n\\t\\\\🙂'
      from generate_series(2, 300) n;
    insert into visit (place_id, at, day, spent, share, data, raw, bytes, tags, counts, spot, mood, ok, took)
      select ('00000000-0000-7000-8000-' || lpad((1 + n % 300)::text, 12, '0'))::uuid, timestamptz '2026-03-29 01:59:59.123456+01' + n * interval '1 hour', date '2024-02-29' + n,
        (n::numeric / 7)::numeric(30, 10), case n % 4 when 0 then 'NaN' when 1 then 'Infinity' else 1.0 / n end, jsonb_build_object('n', n, 'text', repeat('x', n), 'none', null),
        '{"b":1,  "a":[ ]}', decode(md5(n::text), 'hex') || '\\x00ff'::bytea, case when n % 3 = 0 then null else array['a', null, 'q"uo,te', ''] end,
        array[9007199254740993 + n, null], ('[' || n || ',0.1,-1e-10]')::vector, case n % 2 when 0 then 'merry' else 'calm' end::mood, n % 5 = 0, n * interval '1 day 3 minutes'
      from generate_series(1, 3000) n;
    insert into visit (place_id, bytes) values ('00000000-0000-7000-8000-000000000001', decode(repeat('00ff', 400000), 'hex'));
    update place set main_visit_id = 1 where id = '00000000-0000-7000-8000-000000000001';
    create table log_2026 partition of log for values from ('2026-01-01') to ('2027-01-01');
    insert into log select gen_random_uuid(), timestamptz '2025-12-31' + n * interval '1 minute', 'note ' || n from generate_series(1, 3000) n;
    create trigger noisy before insert on visit for each row execute function noisy();
    drop trigger noisy on visit;
  `)
}

/** What a person would see of a database: every row of every table, and what comes next. */
async function contents(database: Database) {
  const tables: Record<string, unknown[]> = {}
  for (const name of ['place', 'visit', 'log', 'log_2026']) {
    tables[name] = (await sql`select * from ${sql.table(name)} order by id`.execute(database.db)).rows
  }
  return tables
}

/** `from` and `to` open empty databases. `isComplete`: also what does not depend on the direction. */
export function testDump(direction: string, from: Open, to: Open, isComplete = false): void {
  describe(`a backup ${direction}`, () => {
    let dir: string
    let file: string
    let original: Record<string, unknown[]>
    let migrations: string

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'parley-dump-'))
      migrations = join(dir, 'migrations')
      await mkdir(migrations)
      await writeFile(join(migrations, '0001_first.sql'), firstMigration)
      file = join(dir, 'parley.backup')
      await using database = await from()
      await migrate(database, silentLog, migrations)
      await fill(database)
      original = await contents(database)
      const summary = await backup(database, file)
      expect(summary).toMatchObject({ tables: 3, rows: 300 + 3001 + 3000, notice: expect.stringContaining('no key of the vault') })
    }, 90_000)
    afterAll(() => rm(dir, { recursive: true, force: true }))

    test('brings back every value, and what was generated, counted and partitioned', async () => {
      await using database = await to()
      const seen: string[] = []
      const summary = await restore(database, file, {
        log: silentLog,
        migrationsDir: migrations,
        onProgress: ({ phase, table }) => seen.push(`${phase} ${table}`),
      })
      expect(summary.rows).toBe(6301)
      expect(await contents(database)).toEqual(original)
      expect(seen).toContain('reading visit')
      const { rows } = await sql<{ id: bigint }>`insert into visit (place_id) select id from place limit 1 returning id`.execute(
        database.db,
      )
      expect(rows[0]!.id).toBe(3002n)
      await expect(sql`insert into visit (place_id) values (gen_random_uuid())`.execute(database.db)).rejects.toMatchObject({
        code: '23503',
      })
      expect(await migrate(database, silentLog, migrations)).toBe(0)
    }, 90_000)

    if (!isComplete) return

    test('refuses a database that is in use, and a file that is damaged, cut or no backup', async () => {
      await using database = await to()
      const options = { log: silentLog, migrationsDir: migrations }
      const bytes = await readFile(file)
      const text = gunzipSync(bytes).toString()
      const bad = async (content: Buffer) => {
        await writeFile(join(dir, 'bad'), content)
        await expect(restore(database, join(dir, 'bad'), options)).rejects.toMatchObject({ reason: 'backup_damaged' })
      }
      await bad(gzipSync(text.replace('"Ort 17 ', '"Ort 18 ')))
      await bad(gzipSync(text.replace(/\n\[[^\n]*Ort 20[^\n]*/, '')))
      await bad(gzipSync(text.split('\n').slice(0, -2).join('\n')))
      await bad(bytes.subarray(0, bytes.length - 5000))
      await bad(Buffer.from('something else'))
      expect((await sql`select from pg_class where relname = 'place'`.execute(database.db)).rows).toHaveLength(0)

      await migrate(database, silentLog, migrations) // which a fresh server does: still empty
      await sql`insert into place (id, name) values (gen_random_uuid(), 'Mine')`.execute(database.db)
      await expect(restore(database, file, options)).rejects.toMatchObject({
        reason: 'not_empty',
        message: expect.stringContaining('place'),
      })
      expect((await sql`select from place`.execute(database.db)).rows).toHaveLength(2)
    }, 90_000)

    test('of an older version is brought to the schema of this one; a newer one is refused', async () => {
      const newer = join(dir, 'newer')
      await mkdir(newer)
      await writeFile(join(newer, '0001_first.sql'), firstMigration)
      await writeFile(join(newer, '0002_second.sql'), secondMigration)
      await using database = await to()
      await migrate(database, silentLog, newer)
      await restore(database, file, { log: silentLog, migrationsDir: newer })
      const { rows } = await sql`select cents from visit where id = 7`.execute(database.db)
      expect(rows).toEqual([{ cents: 100n }])

      const again = join(dir, 'again')
      await backup(database, again)
      await using older = await to()
      await expect(restore(older, again, { log: silentLog, migrationsDir: migrations })).rejects.toMatchObject({ reason: 'schema_newer' })
    }, 90_000)

    test('that is aborted or fails leaves nothing behind', async () => {
      await using database = await to()
      const abort = new AbortController()
      const options = {
        log: silentLog,
        migrationsDir: migrations,
        signal: abort.signal,
        onProgress: ({ phase }: { phase: string }) => phase === 'reading' && abort.abort(),
      }
      await expect(restore(database, file, { ...options, onProgress: (progress) => void options.onProgress(progress) })).rejects.toThrow(
        /abort/i,
      )
      expect((await sql`select from place`.execute(database.db)).rows).toHaveLength(1)
      await restore(database, file, { log: silentLog, migrationsDir: migrations })

      const stopped = new AbortController()
      const target = join(dir, 'stopped', 'file')
      await mkdir(join(dir, 'stopped'))
      await expect(backup(database, target, { signal: stopped.signal, onProgress: () => stopped.abort() })).rejects.toThrow(/abort/i)
      expect(await readdir(join(dir, 'stopped'))).toEqual([])
      await expect(backup(database, file)).rejects.toMatchObject({ reason: 'file_exists' })
    }, 90_000)
  })
}
