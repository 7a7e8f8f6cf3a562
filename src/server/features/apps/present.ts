import type { AppRequest, ConnectedApp } from '../../../contract/apps.ts'
import { describeRedirect } from './redirect-address.ts'
import type { ClientRow, GrantRow } from './store.ts'

interface Shown extends Pick<ClientRow, 'name' | 'kind'> {
  public_id: string
  redirect_uri: string
}

export function presentClient({ name, kind, public_id: id, redirect_uri: address }: Shown): Omit<AppRequest, 'scopes'> {
  return { name, ...describeRedirect(address), publishedBy: kind === 'document' ? new URL(id).host : null }
}

export function presentApp(row: GrantRow): ConnectedApp {
  return {
    id: row.id as ConnectedApp['id'],
    ...presentClient(row),
    workspaceId: row.workspace_id as ConnectedApp['workspaceId'],
    scopes: row.scopes as ConnectedApp['scopes'],
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }
}
