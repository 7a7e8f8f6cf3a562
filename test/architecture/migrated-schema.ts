import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Column {
  /** The values that its check allows; null where any are. */
  values: string[] | null
  /** What it is without being told, as written: `now()`, `0`, `active`. */
  default: string | null
}

export interface MigratedSchema {
  tables: Map<string, Map<string, Column>>
  /** The bodies of all functions, which read and write columns as the server's code does. */
  functions: string[]
}

const notColumns = new Set(['primary', 'unique', 'check', 'foreign', 'constraint', 'exclude', 'like'])

/**
 * The tables as the migrations leave them, read from their text: it is in the form we write it in, and asking a database would take seconds.
 * Understands tables that are created, dropped or renamed, and columns that are added, dropped, renamed or checked anew.
 */
export function readMigratedSchema(folder = fileURLToPath(new URL('../../migrations', import.meta.url))): MigratedSchema {
  const schema: MigratedSchema = { tables: new Map(), functions: [] }
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.sql')) continue
    const text = readFileSync(`${folder}/${file}`, 'utf8')
      .replace(/--.*$/gm, '')
      .replace(/\/\*[\s\S]*?\*\//g, '')
    const statements = text.replace(/\$(\w*)\$([\s\S]*?)\$\1\$/g, (_, __, body: string) => {
      schema.functions.push(body)
      return ''
    })
    for (const statement of statements.split(';')) apply(schema, statement.trim().replace(/\s+/g, ' '))
  }
  return schema
}

function apply({ tables }: MigratedSchema, statement: string): void {
  const [, created, body] = /^create table (?:if not exists )?(\w+) \((.*)\)(?: partition by .*)?$/.exec(statement) ?? []
  if (created && body) {
    tables.set(created, new Map())
    for (const item of split(body)) define(tables.get(created)!, item)
  }
  const [, dropped] = /^drop table (?:if exists )?(\w+)/.exec(statement) ?? []
  if (dropped) tables.delete(dropped)

  const [, altered, changes] = /^alter table (?:if exists )?(?:only )?(\w+) (.*)$/.exec(statement) ?? []
  const columns = altered && tables.get(altered)
  if (!columns || !changes) return
  for (const change of split(changes)) {
    const [, added] = /^add column (?:if not exists )?(.*)$/.exec(change) ?? []
    const [, removed] = /^drop column (?:if exists )?(\w+)/.exec(change) ?? []
    const [, from, to] = /^rename column (\w+) to (\w+)/.exec(change) ?? []
    const [, renamed] = /^rename to (\w+)/.exec(change) ?? []
    const [checked, values] = checkOf(change)
    if (added) define(columns, added)
    else if (removed) columns.delete(removed)
    else if (from && to) columns.set(to, columns.get(from)!).delete(from)
    else if (renamed) tables.set(renamed, columns).delete(altered)
    else if (checked && columns.has(checked)) columns.get(checked)!.values = values
  }
}

function define(columns: Map<string, Column>, item: string): void {
  const [name] = item.split(' ', 1)
  if (!name || notColumns.has(name)) return
  const [, quoted, bare] = / default (?:'([^']*)'|(\S+))/.exec(item) ?? []
  columns.set(name, { values: checkOf(item)[1], default: quoted ?? bare ?? null })
}

function checkOf(text: string): [column: string | null, values: string[] | null] {
  const [, column, list] = /check \((\w+) in \(([^)]*)\)\)/.exec(text) ?? []
  return column && list ? [column, [...list.matchAll(/'([^']*)'/g)].map((match) => match[1]!)] : [null, null]
}

/** Splits at the commas that stand outside of parentheses. */
function split(list: string): string[] {
  let depth = 0
  const items = ['']
  for (const character of list) {
    if (character === '(') depth++
    if (character === ')') depth--
    if (character === ',' && depth === 0) items.push('')
    else items[items.length - 1] += character
  }
  return items.map((item) => item.trim())
}
