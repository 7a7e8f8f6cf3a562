import type { agentPackages as contract } from '../../../contract/agent-packages.ts'
import type { ReadManifest } from '../../../contract/agent-package-manifest.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { addAgentOfPackage, changeInstructions, lockAgent, tellAgentChanged } from '../agents/index.ts'
import { combineInstructions } from './combine-instructions.ts'
import type { PackageDeps } from './package-deps.ts'
import { sealEnv, valuesFor } from './package-env.ts'
import { presentPackage } from './present.ts'
import { notesOf } from './runtimes.ts'
import * as store from './store.ts'

/** Exactly what was looked at, once, into an agent or a new one. */
export async function installPackage(
  deps: PackageDeps,
  actor: Actor,
  { inspectionId, sha256, agentId, env }: InputOf<typeof contract.install>,
): Promise<OutputOf<typeof contract.install>> {
  check(actor, 'server-program', 'create', 'system')
  const inspection = await requireInspection(deps.db, actor, inspectionId, sha256)
  const { manifest, workspace_id: workspaceId } = inspection
  if (inspection.agent_package_id) throw new AppError('package-inspection.not_found', { detail: 'It was looked at as an update.' })
  await requireRunnable(deps, manifest)
  const values = valuesFor(manifest, env)
  const note = `${manifest.name} ${manifest.version} installed`.slice(0, 200)

  const { id, announce } = await deps.db.transaction().execute(async (tx) => {
    const agent =
      agentId === undefined
        ? await lockAgent(tx, actor, await addAgentOfPackage(tx, actor, workspaceId, { ...manifest, note }))
        : await lockAgent(tx, actor, agentId)
    if (agent.workspace_id !== workspaceId) throw new AppError('agent.not_found')
    if (!(await store.takeInspection(tx, inspection))) throw new AppError('package-inspection.not_found')
    const row = { id: newId(), workspace_id: workspaceId, agent_id: agent.id, package_id: manifest.id, version: 1 }
    if (!(await store.insertPackage(tx, row))) throw new AppError('agent-package.installed_already')
    const versionId = await addVersion(deps, tx, actor, { ...row, number: 1 }, inspection, values)
    if (agentId !== undefined) {
      const text = combineInstructions(agent.instructions, '', manifest.instructions)
      if (manifest.instructions !== '') await changeInstructions(tx, actor, agent, text, note)
    }
    const tell = manifest.tools
      ? await deps.programs.add(tx, { workspaceId, agentId: agent.id, createdBy: actor.principalId }, programOf(manifest, versionId))
      : () => {}
    await noteEvent(tx, actor, row, 'installed', { manifest, sha256: inspection.sha256 })
    const tellAgent = await tellAgentChanged(deps.agents, tx, actor, agent)
    return { id: row.id, announce: [tellAgent, tell] }
  })
  for (const tell of announce) tell()
  return showPackage(deps, { id, workspace_id: workspaceId })
}

/** Errors: `package-inspection.not_found`, `agent-package.checksum_mismatch`. */
export async function requireInspection(db: Db, actor: Actor, id: string, sha256: string): Promise<store.InspectionRow> {
  const found = await store.findInspection(db, id, actor.principalId)
  if (!found) throw new AppError('package-inspection.not_found')
  if (found.sha256.toString('hex') !== sha256) throw new AppError('agent-package.checksum_mismatch')
  return found
}

/** Refused before anything is kept, rather than a package whose tools never work. Errors: `agent-package.not_confined`, `agent-package.no_runtime`. */
export async function requireRunnable(deps: PackageDeps, manifest: ReadManifest): Promise<void> {
  const notes = await notesOf(deps, manifest)
  if (notes.includes('not_confined')) throw new AppError('agent-package.not_confined')
  if (notes.includes('no_network'))
    throw new AppError('agent-package.not_confined', {
      detail: 'They want to reach hosts, and the sandbox of this server lets nothing out.',
    })
  if (notes.includes('no_runtime')) throw new AppError('agent-package.no_runtime', { detail: `They need ${manifest.tools!.runtime}.` })
}

/** The id of the new version. */
export async function addVersion(
  deps: Pick<PackageDeps, 'vault'>,
  tx: Tx,
  actor: Actor,
  { id: packageId, workspace_id, number }: { id: string; workspace_id: string; number: number },
  from: Pick<store.VersionRow, 'manifest' | 'source' | 'archive_id' | 'root'>,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const id = newId()
  await store.insertVersion(tx, {
    id,
    workspace_id,
    agent_package_id: packageId,
    number,
    manifest: JSON.stringify(from.manifest),
    source: JSON.stringify(from.source),
    archive_id: from.archive_id,
    root: from.root,
    sealed_env: sealEnv(deps.vault, { id, workspace_id }, values),
    env_names: Object.keys(values),
    installed_by: actor.principalId,
  })
  return id
}

export function programOf({ name, tools }: ReadManifest, packageVersionId: string) {
  return {
    packageVersionId,
    name,
    command: `${tools!.runtime} ${tools!.entry}`,
    offers: Object.fromEntries(tools!.offers.map((tool) => [tool.name, tool.permission])),
  }
}

export async function noteEvent(
  tx: Tx,
  actor: Actor,
  row: Pick<store.PackageRow, 'workspace_id' | 'agent_id' | 'package_id'>,
  action: 'installed' | 'updated' | 'rolled_back' | 'deleted',
  { manifest, sha256 }: { manifest: ReadManifest; sha256: Buffer },
): Promise<void> {
  const { workspace_id, agent_id, package_id } = row
  await store.insertEvent(tx, {
    id: newId(),
    workspace_id,
    agent_id,
    package_id,
    action,
    version: manifest.version,
    sha256,
    actor_id: actor.principalId,
  })
}

/** As it is now. */
export async function showPackage(
  deps: PackageDeps,
  place: Pick<store.PackageRow, 'id' | 'workspace_id'>,
): Promise<OutputOf<typeof contract.install>> {
  const row = await store.findPackage(deps.db, [place.workspace_id], place.id)
  if (!row) throw new AppError('agent-package.not_found')
  const current = (await store.getVersion(deps.db, row, row.version))!
  const [program] = await deps.programs.find(deps.db, row.workspace_id, [current.id])
  return presentPackage(row, current, program?.id ?? null, await notesOf(deps, current.manifest))
}
