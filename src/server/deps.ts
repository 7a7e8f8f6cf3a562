import { join } from 'node:path'
import type { Config } from './config.ts'
import { actorSource } from './platform/auth/actor-source.ts'
import { type Door, openDoor } from './platform/auth/door.ts'
import { sessionCookie, type SessionCookie } from './platform/auth/session-cookie.ts'
import { type Database, type DatabaseOptions, type Db, migrate, openDatabase } from './platform/db/index.ts'
import { createEgress, type Egress } from './platform/egress/index.ts'
import { type FileStore, openDiskStore } from './platform/files/index.ts'
import { createLlm, type Llm } from './platform/llm/index.ts'
import { createMetrics, type Logger, type Metrics } from './platform/telemetry/index.ts'
import { openVault, type Secret, type Vault } from './platform/vault/index.ts'

/** What operations may use. An operation takes `Pick<Deps, …>` of what it needs. */
export interface Deps {
  config: Config
  log: Logger
  metrics: Metrics
  database: Database
  db: Db
  vault: Vault
  door: Door
  cookie: SessionCookie
  /** Signs cookies; the same in all processes. */
  cookieSecret: Secret
  egress: Egress
  llm: Llm
  files: FileStore
}

export interface OpenedDeps extends Deps {
  close(): Promise<void>
}

/** Opens everything below the features, migrates the database and checks the vault. What was opened is closed again when a later part fails. */
export async function openDeps(config: Config, log: Logger, overrides: { database?: DatabaseOptions } = {}): Promise<OpenedDeps> {
  await using opened = new AsyncDisposableStack()
  const metrics = opened.adopt(createMetrics(), (part) => part.close())
  const vaultOpening = openVault(config.vault.kind === 'file' ? { kind: 'file', path: join(config.dataDir, 'vault.key') } : config.vault)
  // Awaited below: a key that cannot be read must not end the process before the database has said what is wrong with it.
  vaultOpening.catch(() => undefined)
  const database = opened.adopt(await openDatabase(overrides.database ?? databaseOptions(config), log), (part) => part.close())
  await migrate(database, log)
  const vault = await vaultOpening
  await vault.check(database.db)
  const cookieSecret = await vault.shared(database.db, 'session-cookie')
  const cookie = sessionCookie(cookieSecret, config.http.publicUrl)
  const door = opened.adopt(
    await openDoor({
      source: actorSource(database, cookie),
      notifier: database.notifier,
      publicUrl: config.http.publicUrl,
      cookieName: cookie.fullName,
    }),
    (part) => part.close(),
  )
  const egress = opened.adopt(createEgress({ allow: config.egress.allow }), (part) => part.close())
  const timeoutMs = config.providers.timeoutMs
  const llm = opened.adopt(createLlm({ egress, firstByteTimeoutMs: timeoutMs, idleTimeoutMs: timeoutMs }), (part) => part.close())
  const files = await openDiskStore(join(config.dataDir, 'files'))
  const kept = opened.move()
  return {
    config,
    log,
    metrics,
    database,
    db: database.db,
    vault,
    door,
    cookie,
    cookieSecret,
    egress,
    llm,
    files,
    close: () => kept.disposeAsync(),
  }
}

export function databaseOptions({ db, dataDir }: Config): DatabaseOptions {
  if (db.kind === 'embedded') return { kind: 'embedded', dir: dataDir, snapshots: db.snapshots.kind === 'on' ? db.snapshots : undefined }
  return { kind: 'postgres', url: db.url, directUrl: db.directUrl, poolSize: db.poolSize }
}
