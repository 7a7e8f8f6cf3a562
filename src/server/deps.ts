import type { Config } from './config.ts'
import type { Database, Db } from './platform/db/index.ts'
import type { Egress } from './platform/egress/index.ts'
import type { Llm } from './platform/llm/index.ts'
import type { Logger } from './platform/telemetry/index.ts'
import type { Vault } from './platform/vault/index.ts'

/** What operations may use. An operation takes `Pick<Deps, …>` of what it needs. */
export interface Deps {
  config: Config
  log: Logger
  database: Database
  db: Db
  vault: Vault
  egress: Egress
  llm: Llm
}
