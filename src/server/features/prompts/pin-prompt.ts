import { type Actor, check } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { readerOf } from './read-prompts.ts'
import * as store from './store.ts'
import { findNumber } from './version-store.ts'

/** A version that something refers to from now on, so that it stays as it is. Others' only where they shared it. Error: `prompt.not_found`. */
export async function pinPrompt(
  tx: Tx,
  actor: Actor,
  { id, number }: { id: string; number: number },
): Promise<{ versionId: string; content: string }> {
  check(actor, 'prompt', 'use', 'own')
  const reader = readerOf(actor)
  const isThere = (await findNumber(tx, reader, id, number)) && (await store.markUsed(tx, id, number))
  // Read once nobody changes it any more.
  const row = isThere && (await findNumber(tx, reader, id, number))
  if (!row) throw new AppError('prompt.not_found')
  return { versionId: row.id, content: row.content }
}
