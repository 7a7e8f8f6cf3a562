import type { CustomToolConfiguration, customTools as contract, DatabaseTarget } from '../../../contract/custom-tools.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { storableJson } from '../../platform/db/storable-json.ts'
import { AppError } from '../../platform/errors/index.ts'
import { type ForeignDb, ForeignDbError } from '../../platform/foreign-db/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { Secret } from '../../platform/vault/index.ts'
import { openCredentials, sealCredentials } from './credentials.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import type { Prepared } from './prepare-api.ts'
import type { CustomToolRow } from './store.ts'

type Database = Extract<CustomToolConfiguration, { kind: 'database' }>
type Place = Pick<CustomToolRow, 'id' | 'workspace_id'>

const names = { postgresql: 'PostgreSQL', mysql: 'MySQL', sqlite: 'SQLite' }
const proofLimits = { maxRows: 1, maxBytes: 1024 * 1024, timeoutMs: 10_000 }

/** Asked first: only a database that answers is kept. */
export async function prepareDatabase(
  deps: CustomToolsDeps,
  actor: Actor,
  place: Place,
  { target, password, maxRows, permissions }: Extract<InputOf<typeof contract.create>['configuration'], { kind: 'database' }>,
): Promise<Prepared> {
  await proveTarget(deps, actor, target, password)
  const engine = names[target.engine]
  return {
    configuration: { kind: 'database', target, hasPassword: password !== null, maxRows },
    sealed: sealPassword(deps, place, target, password),
    operations: [
      {
        name: 'schema',
        description: `Lists the tables and views of this ${engine} database, or the columns of one of them.`,
        permission: permissions.schema,
        is_repeatable: true,
        input_schema: storableJson({
          type: 'object',
          properties: {
            table: {
              type: 'string',
              description: 'a table whose columns are wanted, as schema.table where schemas exist; left out: all tables',
            },
          },
        }),
        binding: null,
      },
      {
        name: 'query',
        description: `Reads this ${engine} database by one SELECT statement. At most ${maxRows} rows come back, as CSV. Nothing can be written. Look at the schema first.`,
        permission: permissions.query,
        is_repeatable: true,
        input_schema: storableJson({
          type: 'object',
          properties: { sql: { type: 'string', description: `one SELECT statement in the SQL of ${engine}` } },
          required: ['sql'],
        }),
        binding: null,
      },
    ],
  }
}

/** A password belongs to where and how it was given: anything else asks for it again. */
export async function changeDatabase(
  deps: CustomToolsDeps,
  actor: Actor,
  tool: CustomToolRow,
  before: Database,
  changed: { target?: DatabaseTarget | undefined; password?: string | null | undefined; maxRows?: number | undefined },
) {
  const target = changed.target ?? before.target
  const isMoved = placeOf(target) !== placeOf(before.target)
  if (isMoved && before.hasPassword && changed.password === undefined) {
    throw new AppError('request.invalid', { issues: [{ path: ['password'], message: 'is needed again, since the database changes' }] })
  }
  const password = changed.password === undefined ? openPassword(deps, tool, before.target) : changed.password
  if (isMoved || changed.password !== undefined) await proveTarget(deps, actor, target, password)
  const configuration: Database = { kind: 'database', target, hasPassword: password !== null, maxRows: changed.maxRows ?? before.maxRows }
  return { configuration: JSON.stringify(configuration), sealed_credentials: sealPassword(deps, tool, target, password) }
}

export function foreignDbOf(deps: Pick<CustomToolsDeps, 'vault'>, tool: CustomToolRow, { target }: Database): ForeignDb {
  return withPassword(target, openPassword(deps, tool, target))
}

function withPassword(target: DatabaseTarget, password: string | null): ForeignDb {
  return target.engine === 'sqlite' ? target : { ...target, password: password === null ? null : new Secret(password) }
}

async function proveTarget(deps: CustomToolsDeps, actor: Actor, target: DatabaseTarget, password: string | null): Promise<void> {
  // A file of the server is the server's affair.
  if (target.engine === 'sqlite') check(actor, 'system', 'update', 'system')
  try {
    await deps.foreignDbs.schema(withPassword(target, password), null, proofLimits, AbortSignal.timeout(30_000))
  } catch (error) {
    if (error instanceof ForeignDbError) throw new AppError('custom-tool.database_refused', { detail: error.message })
    throw error
  }
}

function sealPassword(deps: CustomToolsDeps, place: Place, target: DatabaseTarget, password: string | null): Buffer | null {
  return password === null ? null : sealCredentials(deps.vault, place, placeOf(target), { password })
}

function openPassword(deps: Pick<CustomToolsDeps, 'vault'>, tool: CustomToolRow, target: DatabaseTarget): string | null {
  return openCredentials<{ password: string }>(deps.vault, tool, placeOf(target))?.password ?? null
}

const placeOf = (target: DatabaseTarget): string =>
  target.engine === 'sqlite'
    ? `sqlite:${target.path}`
    : JSON.stringify([target.engine, target.host, target.port, target.database, target.user, target.tls])
