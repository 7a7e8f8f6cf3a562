import type { ColumnType, Generated } from 'kysely'
import type { AgentPackageEvent, PackageSource } from '../../../contract/agent-packages.ts'
import type { ReadManifest } from '../../../contract/agent-package-manifest.ts'

type CreatedAt = ColumnType<Date, Date | undefined, never>
/** Written as JSON text. */
type Json<T> = ColumnType<T, string, string>

export interface PackageArchiveTable {
  id: string
  workspace_id: string
  sha256: Buffer
  storage_key: string
  size_bytes: ColumnType<string | number, number, never>
  created_at: ColumnType<Date, Date | undefined, Date>
}

export interface AgentPackageTable {
  id: string
  workspace_id: string
  agent_id: string
  package_id: string
  version: number
  created_at: CreatedAt
  updated_at: ColumnType<Date, Date | undefined, Date>
}

export interface PackageInspectionTable {
  id: string
  workspace_id: string
  created_by: string
  archive_id: string
  agent_package_id: string | null
  root: string
  manifest: Json<ReadManifest>
  source: Json<PackageSource>
  expires_at: Date
  created_at: CreatedAt
}

export interface AgentPackageVersionTable {
  id: string
  workspace_id: string
  agent_package_id: string
  number: number
  manifest: Json<ReadManifest>
  source: Json<PackageSource>
  archive_id: string
  root: string
  sealed_env: Buffer | null
  env_names: Generated<string[]>
  installed_by: string | null
  installed_at: CreatedAt
}

export interface AgentPackageEventTable {
  id: string
  workspace_id: string
  agent_id: string
  package_id: string
  action: AgentPackageEvent['action']
  version: string
  sha256: Buffer
  actor_id: string | null
  created_at: CreatedAt
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    package_archive: PackageArchiveTable
    agent_package: AgentPackageTable
    package_inspection: PackageInspectionTable
    agent_package_version: AgentPackageVersionTable
    agent_package_event: AgentPackageEventTable
  }
}
