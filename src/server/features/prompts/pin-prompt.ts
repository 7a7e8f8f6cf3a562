import type { Actor } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import * as store from './store.ts'
import { type PinnedVersion, usePromptVersion } from './use-version.ts'

/** The same as `usePromptVersion`, for whoever knows a version by its number. Error: `prompt.not_found`. */
export async function pinPrompt(tx: Tx, actor: Actor, { id, number }: { id: string; number: number }): Promise<PinnedVersion> {
  const versionId = await store.findVersionId(tx, id, number)
  if (!versionId) throw new AppError('prompt.not_found')
  return usePromptVersion(tx, actor, versionId)
}
