import type { agentPackages as contract } from '../../../contract/agent-packages.ts'
import { type Actor, check, isMember, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { compareRights, isOlder } from './compare-rights.ts'
import { fetchSource, sourceAgain } from './fetch-source.ts'
import { keepArchive } from './keep-archive.ts'
import type { PackageDeps } from './package-deps.ts'
import { presentInspection } from './present.ts'
import { readPackage } from './read-package.ts'
import { notesOf } from './runtimes.ts'
import * as store from './store.ts'

const heldMs = 60 * 60_000

/** Fetches and checks a package, and holds it ready. Nothing of it is run, and nothing that it says is believed but as its own word. */
export async function inspectPackage(
  deps: PackageDeps,
  actor: Actor,
  { workspaceId, source, updates }: InputOf<typeof contract.inspect>,
): Promise<OutputOf<typeof contract.inspect>> {
  check(actor, 'server-program', 'create', 'system')
  if (!isMember(actor, workspaceId)) throw new AppError('workspace.not_found')
  const installed = updates === undefined ? undefined : await requireInstalled(deps, actor, workspaceId, updates)
  const wanted = source ?? (installed && sourceAgain(installed.version.source))
  if (!wanted) throw new AppError('request.invalid', { issues: [{ path: ['source'], message: 'is needed: this package came as a file' }] })

  const fetched = await fetchSource(deps, wanted)
  const { manifest, root, sha256 } = await readPackage(fetched.bytes, fetched.subPath)
  if (installed && manifest.id !== installed.package_id)
    throw new AppError('agent-package.other_package', { detail: `It is ${manifest.id}.` })
  const archiveId = await keepArchive(deps, workspaceId, fetched.bytes, sha256)
  const id = newId()
  const row = await deps.db.transaction().execute(async (tx) => {
    await store.insertInspection(tx, {
      id,
      workspace_id: workspaceId,
      created_by: actor.principalId,
      archive_id: archiveId,
      agent_package_id: installed?.id ?? null,
      root,
      manifest: JSON.stringify(manifest),
      source: JSON.stringify(fetched.source),
      expires_at: new Date(Date.now() + heldMs),
    })
    return (await store.findInspection(tx, id, actor.principalId))!
  })
  const notes = await notesOf(deps, manifest)
  if (installed && isOlder(manifest.version, installed.version.manifest.version)) notes.push('older')
  return presentInspection(row, notes, installed ? compareRights(installed.version.manifest, manifest) : null)
}

async function requireInstalled(deps: PackageDeps, actor: Actor, workspaceId: string, id: string) {
  const found = await store.findPackage(deps.db, workspaceIdsOf(actor), id)
  if (found?.workspace_id !== workspaceId) throw new AppError('agent-package.not_found')
  return { ...found, version: (await store.getVersion(deps.db, found, found.version))! }
}
