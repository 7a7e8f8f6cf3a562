import type { Deps } from '../../deps.ts'
import type { Tx } from '../../platform/db/index.ts'
import { SessionPool } from '../../platform/mcp/index.ts'
import type { ToolSource } from '../tools/index.ts'
import { createCatalogue } from './catalogue.ts'
import type { McpDeps } from './mcp-deps.ts'
import { refreshSoon } from './refresh-tools.ts'
import { listSlugs } from './store.ts'
import { mcpToolSource } from './tool-source.ts'

export interface McpServers {
  deps: McpDeps
  source: ToolSource
  listSlugs(tx: Tx, workspaceId: string): Promise<string[]>
  /** Listens for changes. No server is called: each is at its first use. */
  start(): Promise<void>
  close(): Promise<void>
}

export function createMcpServers(deps: Pick<Deps, 'database'> & Omit<McpDeps, 'pool' | 'catalogue' | 'onListChanged'>): McpServers {
  const arePrograms = () => deps.switches.isOn('tool-programs')
  const catalogue = createCatalogue(deps.db, deps.database.notifier, arePrograms)
  const all: McpDeps = { ...deps, pool: new SessionPool(), catalogue, onListChanged: (server, userId) => refreshSoon(all, server, userId) }
  const unlisten = deps.switches.onSwitched(() => {
    catalogue.clear()
    if (!arePrograms()) void all.pool.dropProcesses()
  })
  return {
    deps: all,
    source: mcpToolSource(all),
    listSlugs,
    start: () => catalogue.listen(),
    async close() {
      unlisten()
      await all.pool.close()
      await catalogue.close()
    },
  }
}
