import type { agentPackages as contract } from '../../../contract/agent-packages.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { OutputOf } from '../../platform/http/index.ts'
import { getAgent } from '../agents/index.ts'
import type { PackageDeps } from './package-deps.ts'
import { showPackage } from './install-package.ts'
import { presentEvent, presentVersion } from './present.ts'
import * as store from './store.ts'

/** For who may use the agent. */
export async function listPackages(deps: PackageDeps, actor: Actor, agentId: string): Promise<OutputOf<typeof contract.list>> {
  check(actor, 'agent', 'read', 'own')
  const agent = await getAgent(deps.agents, actor, agentId)
  const rows = await store.listPackages(deps.db, agent.workspaceId, agentId)
  return Promise.all(rows.map((row) => showPackage(deps, row)))
}

export async function listPackageVersions(deps: PackageDeps, actor: Actor, id: string): Promise<OutputOf<typeof contract.versions>> {
  check(actor, 'agent', 'read', 'own')
  const row = await store.findPackage(deps.db, workspaceIdsOf(actor), id)
  if (!row) throw new AppError('agent-package.not_found')
  await getAgent(deps.agents, actor, row.agent_id).catch((error: unknown) => {
    throw error instanceof AppError ? new AppError('agent-package.not_found') : error
  })
  return (await store.listVersions(deps.db, row)).map(presentVersion)
}

export async function listPackageEvents(deps: PackageDeps, actor: Actor, agentId: string): Promise<OutputOf<typeof contract.events>> {
  check(actor, 'agent', 'read', 'own')
  const agent = await getAgent(deps.agents, actor, agentId)
  return (await store.listEvents(deps.db, agent.workspaceId, agentId)).map(presentEvent)
}
