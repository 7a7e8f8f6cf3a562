import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { SessionPool } from '../../platform/mcp/index.ts'
import type { ToolSource } from '../tools/index.ts'
import { createCatalogue } from './catalogue.ts'
import { addonOf, suffixOf } from './connect.ts'
import type { McpDeps } from './mcp-deps.ts'
import { refreshSoon } from './refresh-tools.ts'
import { listSlugs } from './store.ts'
import { mcpToolSource } from './tool-source.ts'

const dropChannel = 'mcp-servers-drop'

interface Drop {
  from: string
  prefix: string
  kept?: string
}

export interface McpServers {
  deps: McpDeps
  source: ToolSource
  listSlugs(tx: Tx, workspaceId: string): Promise<string[]>
  /** Listens for changes. No server is called: each is at its first use. */
  start(): Promise<void>
  close(): Promise<void>
}

export function createMcpServers(deps: Omit<McpDeps, 'pool' | 'catalogue' | 'dropEverywhere' | 'onListChanged'>): McpServers {
  const catalogue = createCatalogue(deps.db, deps.database.notifier, (server) => {
    const addon = addonOf(server)
    return addon === null || deps.switches.isOn(addon)
  })
  const { notifier } = deps.database
  const all: McpDeps = {
    ...deps,
    pool: new SessionPool(),
    catalogue,
    dropEverywhere(prefix, kept) {
      const drop: Drop = { from: self, prefix, ...(kept && { kept: suffixOf(kept) }) }
      notifier.notify(dropChannel, JSON.stringify(drop))
      return all.pool.drop(prefix, drop.kept)
    },
    onListChanged: (server, userId) => refreshSoon(all, server, userId),
  }
  // What it hears of itself would end the connections that were opened since.
  const self = newId()
  let undrop: (() => Promise<void>) | undefined
  const unlisten = deps.switches.onSwitched(() => {
    catalogue.clear()
    // What is still on is started again by its next call.
    if ((['tool-programs', 'package-tools'] as const).some((addon) => !deps.switches.isOn(addon))) void all.pool.dropProcesses()
  })
  return {
    deps: all,
    source: mcpToolSource(all),
    listSlugs,
    async start() {
      await catalogue.listen()
      undrop = await notifier.listen(dropChannel, (text) => {
        const { from, prefix, kept } = JSON.parse(text) as Drop
        if (from !== self) void all.pool.drop(prefix, kept)
      })
    },
    async close() {
      unlisten()
      await undrop?.()
      await all.pool.close()
      await catalogue.close()
    },
  }
}
