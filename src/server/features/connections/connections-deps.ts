import type { Deps } from '../../deps.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Tell } from '../events/index.ts'

/** What this feature needs of others comes as functions, except of models, which it stands on. */
export interface ConnectionsDeps extends Pick<Deps, 'config' | 'log' | 'db' | 'vault' | 'llm'> {
  tell: Tell
  listMemberIds(tx: Tx, workspaceId: string): Promise<string[]>
  listRecentUserIds(tx: Tx): Promise<string[]>
  /** What was resolved with the connections as they were no longer holds. */
  onConnectionsChanged(): void
}
