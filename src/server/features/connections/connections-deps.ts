import type { Deps } from '../../deps.ts'

/** What changed, so that whoever shows or caches it can be told. */
export interface ConnectionsChanged {
  /** Null: a key of the workspace or the house. */
  ownerId: string | null
  workspaceId: string
}

export interface ConnectionsDeps extends Pick<Deps, 'config' | 'log' | 'db' | 'vault' | 'llm'> {
  onConnectionsChanged(change: ConnectionsChanged): void
}
