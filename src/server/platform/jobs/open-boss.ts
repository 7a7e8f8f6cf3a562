import type { Db as BossDatabase, PgBoss } from 'pg-boss'
import { CompiledQuery } from 'kysely'
import type { Database, Tx } from '../db/index.ts'
import { AppError } from '../errors/index.ts'
import type { Logger } from '../telemetry/index.ts'

/** Its tables, apart from ours: they are no part of a backup. */
const schema = 'jobs'

/** The library brings 40 MB; it is loaded when it starts. Its pauses are long, since on the embedded database everybody waits for its statements. */
export async function openBoss(database: Database, log: Logger, isClosing: () => boolean): Promise<PgBoss> {
  const { PgBoss } = await import('pg-boss')
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.execute(text, values) },
    backend: database.kind === 'embedded' ? 'pglite' : 'postgres',
    schema,
    superviseIntervalSeconds: 300,
    monitorIntervalSeconds: 300,
    maintenanceIntervalSeconds: 3600,
    queueCacheIntervalSeconds: 300,
    clockMonitorIntervalSeconds: 600,
    cronMonitorIntervalSeconds: 45,
    cronWorkerIntervalSeconds: 45,
    bamIntervalSeconds: 300,
    flowIntervalSeconds: 300,
    // The embedded database has its own maintenance, and a server's administrator has theirs.
    reindex: false,
    monitorVacuum: false,
  })
  boss.on('error', (error) => {
    const isAway = error instanceof AppError && error.code === 'database.unavailable'
    // Asked to stop while it starts, it stumbles over its own statements.
    log[isAway || isClosing() ? 'debug' : 'error']({ err: error }, 'the job queue reports an error')
  })
  boss.on('warning', (warning) => log.debug({ warning }, 'the job queue reports'))
  await boss.start()
  return boss
}

/** Statements inside the caller's transaction. */
export function inTransaction(tx: Tx): BossDatabase {
  return { executeSql: async (text, values) => ({ rows: (await tx.executeQuery(CompiledQuery.raw(text, values ?? []))).rows }) }
}
