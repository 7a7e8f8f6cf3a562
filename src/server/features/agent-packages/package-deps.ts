import type { Deps } from '../../deps.ts'
import type { AgentDeps } from '../agents/index.ts'
import type { PackagePrograms } from '../mcp-servers/index.ts'

export interface PackageDeps extends Pick<Deps, 'config' | 'db' | 'log' | 'vault' | 'egress' | 'files'> {
  agents: AgentDeps
  /** Their programs, as the tool servers that they are. */
  programs: PackagePrograms
}
