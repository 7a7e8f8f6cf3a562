import type { Import, ImportItem, ImportOutcome } from '../../../contract/imports.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { presentImport, presentItem } from './present.ts'
import * as store from './store.ts'

const maxListed = 50

/** One's own, the newest first. */
export async function listImports(deps: Pick<Deps, 'db'>, actor: Actor, workspaceId: string): Promise<Import[]> {
  check(actor, 'conversation', 'read', { workspaceId })
  return (await store.listImports(deps.db, { ownerId: actor.principalId, workspaceId, limit: maxListed })).map(presentImport)
}

export async function getImport(deps: Pick<Deps, 'db'>, actor: Actor, id: string): Promise<Import> {
  check(actor, 'conversation', 'read', 'own')
  return presentImport(await requireImport(deps, actor, id))
}

export async function listImportItems(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: { id: string; outcome?: ImportOutcome | undefined; after: number; limit: number },
): Promise<{ items: ImportItem[]; nextAfter: number | null }> {
  check(actor, 'conversation', 'read', 'own')
  await requireImport(deps, actor, input.id)
  const { id: importId, outcome, after, limit } = input
  const rows = await store.listItems(deps.db, { importId, outcome, after, limit: limit + 1 })
  const page = rows.slice(0, limit)
  return { items: page.map(presentItem), nextAfter: rows.length > limit ? page.at(-1)!.position : null }
}

async function requireImport(deps: Pick<Deps, 'db'>, actor: Actor, id: string): Promise<store.ImportRow> {
  const row = await store.findImport(deps.db, actor.principalId, id)
  if (!row) throw new AppError('import.not_found')
  return row
}
