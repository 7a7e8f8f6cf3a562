/** Runs one statement in the session of a backup or a restore. */
export type Run = (sql: string, params?: readonly unknown[]) => Promise<unknown[]>

export interface TableInfo {
  name: string
  /** Those that are stored: generated ones come back by themselves. */
  columns: { name: string; type: string }[]
}

/** Tables of the schema, a partitioned one as a whole, without those of extensions and without the list of migrations. */
export async function listTables(run: Run): Promise<TableInfo[]> {
  const rows = (await run(`
    select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p'
      and c.relname <> 'schema_migration' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    order by c.relname collate "C", a.attnum`)) as { table: string; column: string; type: string }[]
  const tables = new Map<string, TableInfo>()
  for (const { table, column, type } of rows) {
    const info = tables.get(table) ?? { name: table, columns: [] }
    info.columns.push({ name: column, type })
    tables.set(table, info)
  }
  return [...tables.values()]
}

export interface PartitionInfo {
  name: string
  parent: string
  bounds: string
}

/** Parents before their children. */
export async function listPartitions(run: Run): Promise<PartitionInfo[]> {
  return (await run(`
    with recursive tree as (
      select c.oid, c.relname::text as name, p.relname::text as parent, 1 as depth
      from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
      where p.relnamespace = 'public'::regnamespace and p.relkind = 'p' and not p.relispartition and c.relispartition
      union all
      select c.oid, c.relname::text, t.name, t.depth + 1
      from tree t join pg_inherits i on i.inhparent = t.oid join pg_class c on c.oid = i.inhrelid and c.relispartition
    )
    select t.name, t.parent, pg_get_expr(c.relpartbound, c.oid) as bounds
    from tree t join pg_class c on c.oid = t.oid where c.relkind = 'r'
    order by t.depth, t.name collate "C"`)) as PartitionInfo[]
}

export interface SequenceInfo {
  name: string
  value: string
  isCalled: boolean
}

export async function listSequences(run: Run): Promise<SequenceInfo[]> {
  const names = (await run(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' order by 1`,
  )) as {
    name: string
  }[]
  const sequences: SequenceInfo[] = []
  for (const { name } of names) {
    const [row] = (await run(`select last_value::text as value, is_called as "isCalled" from ${quote(name)}`)) as Omit<
      SequenceInfo,
      'name'
    >[]
    sequences.push({ name, ...row! })
  }
  return sequences
}

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`

/** A row as a JSON array of texts: exact for every type, and written by the database itself. */
export function rowAsText({ columns }: TableInfo): string {
  return `array_to_json(array[${columns.map(({ name }) => `${quote(name)}::text`).join(', ')}]::text[])::text`
}
