import type { Db, Notifier } from '../../platform/db/index.ts'
import * as store from './store.ts'

export interface Offered {
  servers: ReadonlyMap<string, store.ServerRow>
  tools: readonly store.ToolRow[]
}

/** Changes of other processes are heard of; this is for one that was not. */
const freshMs = 60_000
const maxWorkspaces = 500
const channel = 'mcp-servers'

/** What workspaces' turns may be offered, in memory: most have no servers, and none of their turns asks the database for them. */
export interface Catalogue {
  of(workspaceId: string): Promise<Offered>
  /** In every process. */
  changed(workspaceId: string): void
  /** Which servers are called at all may have changed, in this process. */
  clear(): void
  listen(): Promise<void>
  close(): Promise<void>
}

export function createCatalogue(db: Db, notifier: Notifier, isCalled: (server: store.ServerRow) => boolean): Catalogue {
  const known = new Map<string, { offered: Promise<Offered>; at: number }>()
  let unlisten: (() => Promise<void>) | undefined

  async function read(workspaceId: string): Promise<Offered> {
    const { servers, tools } = await store.listOffered(db, workspaceId)
    const called = servers.filter(isCalled)
    return { servers: new Map(called.map((server) => [server.id, server])), tools }
  }

  return {
    of(workspaceId) {
      const found = known.get(workspaceId)
      if (found && performance.now() - found.at < freshMs) return found.offered
      const offered = read(workspaceId)
      if (known.size >= maxWorkspaces) known.delete(known.keys().next().value!)
      known.delete(workspaceId)
      known.set(workspaceId, { offered, at: performance.now() })
      offered.catch(() => known.delete(workspaceId))
      return offered
    },
    changed(workspaceId) {
      known.delete(workspaceId)
      notifier.notify(channel, workspaceId)
    },
    clear: () => known.clear(),
    async listen() {
      unlisten = await notifier.listen(
        channel,
        (workspaceId) => known.delete(workspaceId),
        () => known.clear(),
      )
    },
    async close() {
      await unlisten?.()
    },
  }
}
