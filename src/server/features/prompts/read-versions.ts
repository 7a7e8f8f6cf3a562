import type { PromptVersion, PromptVersionSummary, prompts as contract } from '../../../contract/prompts.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { presentVersion, presentVersionSummary } from './present.ts'
import { readerOf } from './read-prompts.ts'
import * as store from './store.ts'
import * as versions from './version-store.ts'

export async function listVersions(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { id, cursor, limit }: InputOf<typeof contract.listVersions>,
): Promise<{ versions: PromptVersionSummary[]; nextCursor: string | null }> {
  check(actor, 'prompt', 'read', 'own')
  const reader = readerOf(actor)
  if (!(await store.find(deps.db, reader, id))) throw new AppError('prompt.not_found')
  const before = cursor === undefined ? null : Number(cursor)
  const rows = await versions.listVersions(deps.db, reader, { promptId: id, before, limit: limit + 1 })
  const page = rows.slice(0, limit)
  return { versions: page.map(presentVersionSummary), nextCursor: rows.length > limit ? String(page.at(-1)!.number) : null }
}

export async function getVersion(deps: Pick<Deps, 'db'>, actor: Actor, versionId: string): Promise<PromptVersion> {
  check(actor, 'prompt', 'read', 'own')
  const row = await versions.findVersion(deps.db, readerOf(actor), versionId)
  if (!row) throw new AppError('prompt-version.not_found')
  return presentVersion(row)
}
