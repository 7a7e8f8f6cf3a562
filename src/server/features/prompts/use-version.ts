import type { PromptVariable } from '../../../contract/prompt-text.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { readerOf } from './read-prompts.ts'
import * as store from './store.ts'
import * as versions from './version-store.ts'

/** One version, as it stays. */
export interface PinnedVersion {
  id: string
  promptId: string
  number: number
  /** Of the prompt, as it is called now. */
  name: string
  content: string
  variables: PromptVariable[]
}

/**
 * For whoever names a version for good (an agent), when it begins to: throws `prompt.not_found` unless the actor may read it. From then on it is
 * not changed and never purged, whatever becomes of the prompt. What is named already is not checked again: it is read by `getPinnedVersion`.
 */
export async function usePromptVersion(tx: Tx, actor: Actor, id: string): Promise<PinnedVersion> {
  check(actor, 'prompt', 'use', 'own')
  const known = await versions.findVersion(tx, readerOf(actor), id)
  if (!known || !(await store.markUsed(tx, known.prompt_id, known.number))) throw new AppError('prompt.not_found')
  await versions.markPinned(tx, id)
  // Again, now that nobody changes it any more.
  const row = await versions.findVersion(tx, readerOf(actor), id)
  if (!row) throw new AppError('prompt.not_found')
  return present(row)
}

/** What a version says that something names. Whoever asks has checked that the actor may read what names it. */
export async function getPinnedVersion(db: Db | Tx, id: string): Promise<PinnedVersion> {
  const row = await versions.findPinned(db, id)
  if (!row) throw new AppError('prompt.not_found')
  return present(row)
}

const present = ({ id, prompt_id: promptId, number, name, content, variables }: versions.VersionRow): PinnedVersion => ({
  id,
  promptId,
  number,
  name,
  content,
  variables,
})
