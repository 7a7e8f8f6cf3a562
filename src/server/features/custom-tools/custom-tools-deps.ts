import type { Deps } from '../../deps.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { ForeignDbs } from '../../platform/foreign-db/index.ts'
import type { Tell } from '../events/index.ts'
import type { Tokens } from './oauth-tokens.ts'

export interface CustomToolsDeps extends Pick<Deps, 'config' | 'log' | 'db' | 'database' | 'vault' | 'egress'> {
  tell: Tell
  listMemberIds(tx: Tx, workspaceId: string): Promise<string[]>
  tokens: Tokens
  foreignDbs: ForeignDbs
  /** What was listed before does not hold any more, here and in every process. */
  onToolsChanged(workspaceId: string): void
}
