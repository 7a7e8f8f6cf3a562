import type { z } from 'zod'
import type {
  AgentPackage,
  AgentPackageEvent,
  AgentPackageVersion,
  PackageChanges,
  PackageInspection,
  PackageNote,
} from '../../../contract/agent-packages.ts'
import type { EventRow, InspectionRow, PackageRow, VersionRow } from './store.ts'

export const presentVersion = (row: VersionRow): AgentPackageVersion => ({
  number: row.number,
  manifest: row.manifest,
  source: row.source,
  sha256: row.sha256.toString('hex'),
  envNames: row.env_names,
  installedByName: row.installed_by_name,
  installedAt: row.installed_at.toISOString(),
})

export const presentPackage = (
  row: PackageRow,
  current: VersionRow,
  serverId: string | null,
  notes: PackageNote[],
): z.input<typeof AgentPackage> => ({
  id: row.id,
  workspaceId: row.workspace_id,
  agentId: row.agent_id,
  packageId: row.package_id,
  current: presentVersion(current),
  serverId,
  notes,
})

export const presentInspection = (
  row: InspectionRow,
  notes: PackageNote[],
  changes: PackageChanges | null,
): z.input<typeof PackageInspection> => ({
  id: row.id,
  workspaceId: row.workspace_id,
  manifest: row.manifest,
  source: row.source,
  sha256: row.sha256.toString('hex'),
  sizeBytes: Number(row.size_bytes),
  notes,
  updates: row.agent_package_id,
  changes,
  expiresAt: row.expires_at.toISOString(),
})

export const presentEvent = (row: EventRow): AgentPackageEvent => ({
  action: row.action,
  packageId: row.package_id,
  version: row.version,
  sha256: row.sha256.toString('hex'),
  byName: row.actor_name,
  at: row.created_at.toISOString(),
})
