import { ForeignDbError } from '../../platform/foreign-db/index.ts'
import { ToolFailure } from '../tools/index.ts'
import type { CallContext } from './call-api.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { foreignDbOf } from './prepare-database.ts'
import { toCsv } from './rows-as-csv.ts'
import type { CustomToolRow, OperationRow } from './store.ts'

const maxBytes = 8 * 1024 * 1024
const timeoutMs = 20_000
const maxTables = 300
const maxSqlLength = 50_000

/** Errors: `ToolFailure`, in the database's own words; `connection.address_forbidden`. */
export async function askDatabase(
  deps: Pick<CustomToolsDeps, 'vault' | 'foreignDbs'>,
  tool: CustomToolRow,
  operation: OperationRow,
  args: Record<string, unknown>,
  { signal }: CallContext,
): Promise<string> {
  if (tool.configuration.kind !== 'database') throw new Error(`${tool.slug} is no database`)
  const target = foreignDbOf(deps, tool, tool.configuration)
  const { maxRows } = tool.configuration
  try {
    if (operation.name === 'schema') {
      const table = typeof args.table === 'string' && args.table !== '' ? args.table : null
      return toCsv(await deps.foreignDbs.schema(target, table, { maxRows: maxTables, maxBytes, timeoutMs }, signal))
    }
    if (typeof args.sql !== 'string' || args.sql.trim() === '') throw new ToolFailure('The argument sql is missing.')
    if (args.sql.length > maxSqlLength) throw new ToolFailure('The statement is too long.')
    return toCsv(await deps.foreignDbs.query(target, args.sql.replace(/[\s;]+$/, ''), { maxRows, maxBytes, timeoutMs }, signal))
  } catch (error) {
    if (error instanceof ForeignDbError) throw new ToolFailure(error.message)
    throw error
  }
}
