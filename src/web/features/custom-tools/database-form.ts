import type { CustomTool, CustomToolConfiguration, DatabaseTarget } from '../../../contract/custom-tools.ts'
import { c } from './strings.ts'

export type DatabaseConfiguration = Extract<CustomToolConfiguration, { kind: 'database' }>

export interface DatabaseValues {
  name: string
  description: string
  engine: DatabaseTarget['engine']
  host: string
  port: string
  database: string
  user: string
  password: string
  tls: 'verify' | 'require' | 'off'
  path: string
  maxRows: string
}

export const usualPort = { postgresql: '5432', mysql: '3306', sqlite: '' }

const empty: DatabaseValues = {
  name: '',
  description: '',
  engine: 'postgresql',
  host: '',
  port: '5432',
  database: '',
  user: '',
  password: '',
  tls: 'verify',
  path: '',
  maxRows: '100',
}

export function databaseValues(tool: CustomTool | null, configuration: DatabaseConfiguration | null): DatabaseValues {
  if (!tool || !configuration) return empty
  const { target, maxRows } = configuration
  const place = target.engine === 'sqlite' ? target : { ...target, port: String(target.port) }
  return { ...empty, ...place, name: tool.name, description: tool.description, maxRows: String(maxRows) }
}

export function checkDatabase(values: DatabaseValues, before: DatabaseConfiguration | null): Partial<Record<keyof DatabaseValues, string>> {
  const wrong: Partial<Record<keyof DatabaseValues, string>> = {}
  const needed = values.engine === 'sqlite' ? (['name', 'path'] as const) : (['name', 'host', 'database', 'user'] as const)
  for (const field of needed) if (values[field].trim() === '') wrong[field] = c('missing')
  if (values.engine !== 'sqlite' && !isBetween(values.port, 1, 65_535)) wrong.port = c('database.port.bad')
  if (!isBetween(values.maxRows, 1, 1_000)) wrong.maxRows = c('database.rows.bad')
  const isMoved = before !== null && JSON.stringify(toTarget(values)) !== JSON.stringify(toTarget({ ...empty, ...textsOf(before.target) }))
  if (isMoved && before.hasPassword && values.password === '') wrong.password = c('database.password.again')
  return wrong
}

const textsOf = (target: DatabaseTarget): Partial<DatabaseValues> =>
  target.engine === 'sqlite' ? target : { ...target, port: String(target.port) }

export function toTarget({ engine, host, port, database, user, tls, path }: DatabaseValues): DatabaseTarget {
  if (engine === 'sqlite') return { engine, path: path.trim() }
  return { engine, host: host.trim(), port: Number(port), database: database.trim(), user: user.trim(), tls }
}

function isBetween(text: string, least: number, most: number): boolean {
  return /^\d{1,6}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most
}
