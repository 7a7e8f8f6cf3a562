import { type Actor, check } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { readerOf } from './read-prompts.ts'
import * as store from './store.ts'

/** A version that something refers to from now on, so that it stays as it is. Error: `prompt.not_found`. */
export async function pinPrompt(
  tx: Tx,
  actor: Actor,
  { id, number }: { id: string; number: number },
): Promise<{ versionId: string; content: string }> {
  check(actor, 'prompt', 'use', 'own')
  const row = await store.find(tx, readerOf(actor), id)
  if (!row || !(await store.markUsed(tx, id, number))) throw new AppError('prompt.not_found')
  return store.getVersion(tx, id, number)
}
