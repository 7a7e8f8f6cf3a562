import type { z } from 'zod'
import type { Connection } from '../../../contract/models.ts'
import { systemWorkspaceId } from '../../platform/auth/index.ts'
import type { SealedConnection } from '../models/index.ts'
import type { ConnectionRow, CountedConnectionRow } from './store.ts'

export function ownershipOf(row: Pick<ConnectionRow, 'owner_id' | 'workspace_id'>): 'own' | 'workspace' | 'house' {
  if (row.owner_id !== null) return 'own'
  return row.workspace_id === systemWorkspaceId ? 'house' : 'workspace'
}

export function presentConnection(row: CountedConnectionRow): z.input<typeof Connection> {
  return {
    id: row.id,
    provider: row.provider,
    name: row.name,
    baseUrl: row.base_url,
    keyLast4: row.key_last4,
    headerNames: row.header_names,
    ownership: ownershipOf(row),
    isManaged: row.managed_by !== null,
    isDefault: row.is_default,
    status: row.status,
    statusReason: row.status_reason,
    modelCount: row.model_count,
    createdAt: row.created_at.toISOString(),
  }
}

export function toSealed(row: ConnectionRow): SealedConnection {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    provider: row.provider,
    name: row.name,
    baseUrl: row.base_url,
    sealedKey: row.sealed_key,
    sealedHeaders: row.sealed_headers,
    allowsPrivateAddress: row.allows_private_address,
  }
}
