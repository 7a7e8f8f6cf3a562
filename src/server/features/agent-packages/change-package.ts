import type { agentPackages as contract } from '../../../contract/agent-packages.ts'
import type { ReadManifest } from '../../../contract/agent-package-manifest.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import { changeInstructions, deleteLockedAgent, lockAgent, tellAgentChanged } from '../agents/index.ts'
import { combineInstructions } from './combine-instructions.ts'
import { compareRights } from './compare-rights.ts'
import { addVersion, noteEvent, programOf, requireInspection, requireRunnable, showPackage } from './install-package.ts'
import type { PackageDeps } from './package-deps.ts'
import { openEnv, valuesFor } from './package-env.ts'
import * as store from './store.ts'

type Next = Pick<store.VersionRow, 'manifest' | 'source' | 'archive_id' | 'root' | 'sha256'>

/** What may do more than what is there takes consent again. Values that were given stay. */
export async function updatePackage(
  deps: PackageDeps,
  actor: Actor,
  { inspectionId, sha256, env, acceptsRights }: InputOf<typeof contract.update>,
): Promise<OutputOf<typeof contract.update>> {
  check(actor, 'server-program', 'create', 'system')
  const inspection = await requireInspection(deps.db, actor, inspectionId, sha256)
  if (!inspection.agent_package_id) throw new AppError('package-inspection.not_found', { detail: 'It was looked at as a new package.' })
  await requireRunnable(deps, inspection.manifest)
  const place = { id: inspection.agent_package_id, workspace_id: inspection.workspace_id }
  await change(deps, actor, place, 'updated', async (tx, current) => {
    if (!acceptsRights && compareRights(current.manifest, inspection.manifest).growsRights)
      throw new AppError('agent-package.consent_needed')
    const values = valuesFor(inspection.manifest, env, openEnv(deps.vault, current))
    if (!(await store.takeInspection(tx, inspection))) throw new AppError('package-inspection.not_found')
    return { next: inspection, values }
  })
  return showPackage(deps, place)
}

/** Consent was given to it before, and values, so none is asked for. */
export async function rollBackPackage(
  deps: PackageDeps,
  actor: Actor,
  { id, number }: InputOf<typeof contract.rollBack>,
): Promise<OutputOf<typeof contract.rollBack>> {
  check(actor, 'server-program', 'create', 'system')
  const row = await store.findPackage(deps.db, workspaceIdsOf(actor), id)
  const old = row && (await store.getVersion(deps.db, row, number))
  if (!row || !old) throw new AppError('agent-package.not_found')
  await requireRunnable(deps, old.manifest)
  await change(deps, actor, row, 'rolled_back', async () => ({ next: old, values: revealed(deps, old) }))
  return showPackage(deps, row)
}

const revealed = (deps: PackageDeps, version: store.VersionRow) =>
  Object.fromEntries(Object.entries(openEnv(deps.vault, version)).map(([name, value]) => [name, value.reveal()]))

async function change(
  deps: PackageDeps,
  actor: Actor,
  place: Pick<store.PackageRow, 'id' | 'workspace_id'>,
  action: 'updated' | 'rolled_back',
  choose: (tx: Tx, current: store.VersionRow) => Promise<{ next: Next; values: Record<string, string> }>,
): Promise<void> {
  const announce = await deps.db.transaction().execute(async (tx) => {
    const { row, agent, current } = await lockAll(tx, actor, place)
    const { next, values } = await choose(tx, current)
    const number = ((await store.listVersions(tx, row))[0]?.number ?? 0) + 1
    const versionId = await addVersion(deps, tx, actor, { ...row, number }, next, values)
    await store.setVersion(tx, row, number)
    const text = combineInstructions(agent.instructions, current.manifest.instructions, next.manifest.instructions)
    await changeInstructions(tx, actor, agent, text, `${next.manifest.name} ${next.manifest.version}`.slice(0, 200))
    const tell = await changeProgram(deps, tx, actor, { row, current, manifest: next.manifest, versionId })
    await noteEvent(tx, actor, row, action, next)
    return [await tellAgentChanged(deps.agents, tx, actor, agent), tell]
  })
  for (const tell of announce) tell()
}

/** Its program goes on under the same names, begins or ends. */
async function changeProgram(
  deps: PackageDeps,
  tx: Tx,
  actor: Actor,
  { row, current, manifest, versionId }: { row: store.PackageRow; current: store.VersionRow; manifest: ReadManifest; versionId: string },
): Promise<() => void> {
  const [program] = await deps.programs.find(tx, row.workspace_id, [current.id])
  const place = program && { id: program.id, workspace_id: row.workspace_id }
  if (!manifest.tools) return place ? deps.programs.remove(tx, place) : () => {}
  if (place) return deps.programs.change(tx, place, programOf(manifest, versionId))
  return deps.programs.add(
    tx,
    { workspaceId: row.workspace_id, agentId: row.agent_id, createdBy: actor.principalId },
    programOf(manifest, versionId),
  )
}

/** The agent goes on without its tools and instructions, or goes with it. What was done stays noted. */
export async function deletePackage(
  deps: PackageDeps,
  actor: Actor,
  { id, agent: fate }: InputOf<typeof contract.delete>,
): Promise<{ ok: true }> {
  check(actor, 'agent', 'update', 'own')
  if (fate === 'delete') check(actor, 'agent', 'delete', 'own')
  const place = await store.findPackage(deps.db, workspaceIdsOf(actor), id)
  if (!place) throw new AppError('agent-package.not_found')
  const announce = await deps.db.transaction().execute(async (tx) => {
    const { row, agent, current } = await lockAll(tx, actor, place)
    const [program] = await deps.programs.find(tx, row.workspace_id, [current.id])
    const tell = program ? await deps.programs.remove(tx, { id: program.id, workspace_id: row.workspace_id }) : () => {}
    await noteEvent(tx, actor, row, 'deleted', current)
    await store.deletePackage(tx, row)
    const text = combineInstructions(agent.instructions, current.manifest.instructions, '')
    if (fate === 'delete') await deleteLockedAgent(tx, agent)
    else await changeInstructions(tx, actor, agent, text, `${current.manifest.name} deleted`.slice(0, 200))
    return [await tellAgentChanged(deps.agents, tx, actor, agent), tell]
  })
  for (const tell of announce) tell()
  return { ok: true }
}

/** The agent first, as everywhere. Error: `agent-package.not_found`, also where the agent may not be changed. */
async function lockAll(tx: Tx, actor: Actor, place: Pick<store.PackageRow, 'id' | 'workspace_id'>) {
  const known = await store.findPackage(tx, [place.workspace_id], place.id)
  if (!known) throw new AppError('agent-package.not_found')
  const agent = await lockAgent(tx, actor, known.agent_id).catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'agent.not_found' ? new AppError('agent-package.not_found') : error
  })
  const row = await store.lockPackage(tx, known)
  if (!row) throw new AppError('agent-package.not_found')
  return { row, agent, current: (await store.getVersion(tx, row, row.version))! }
}
