import type { Deps } from '../../deps.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { SessionPool } from '../../platform/mcp/index.ts'
import type { Tell } from '../events/index.ts'
import type { Catalogue } from './catalogue.ts'
import type { ServerRow } from './store.ts'

export interface McpDeps extends Pick<Deps, 'config' | 'db' | 'log' | 'vault' | 'egress'> {
  tell: Tell
  listMemberIds(tx: Tx, workspaceId: string): Promise<string[]>
  version: string
  pool: SessionPool
  catalogue: Catalogue
  /** A server says that its tools are others now. */
  onListChanged(server: ServerRow, userId: string | null): void
}
