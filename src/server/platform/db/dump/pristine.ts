import { listTables, quote, type Run } from './catalog.ts'

/**
 * The first table with a row that no migration wrote. Each migration notes itself in the transaction of its own rows, so their `xmin` tell them from
 * everybody else's.
 */
export async function findUsedTable(run: Run): Promise<string | undefined> {
  const [found] = (await run(`select to_regclass('public.schema_migration') is not null as "isMigrated"`)) as { isMigrated: boolean }[]
  const byMigrations = found?.isMigrated ? 'xmin::text in (select xmin::text from public.schema_migration)' : 'false'
  for (const { name } of await listTables(run)) {
    const [row] = (await run(`select exists (select from ${quote(name)} where not (${byMigrations})) as "isUsed"`)) as { isUsed: boolean }[]
    if (row?.isUsed) return name
  }
  return undefined
}

/** Leaves only what belongs to extensions, so that the schema can be built again as it was at the backup. */
export async function dropEverything(run: Run): Promise<void> {
  const statements = (await run(`
    select format('drop %s if exists %s cascade',
        case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end, c.oid::regclass) as text
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S') and not c.relispartition
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refobjid <> c.oid and d.deptype in ('e', 'i', 'a'))
    union all
    select format('drop routine if exists %s cascade', p.oid::regprocedure)
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    union all
    select format('drop type if exists %s cascade', t.oid::regtype)
    from pg_type t left join pg_class c on c.oid = t.typrelid
    where t.typnamespace = 'public'::regnamespace and (t.typtype in ('e', 'd') or c.relkind = 'c')
      and not exists (select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')`)) as {
    text: string
  }[]
  for (const { text } of statements) await run(text)
}
