import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { requireTurn } from './get-turn.ts'
import { pieceOf } from './long-results.ts'
import { findResult } from './result-store.ts'

/** What a screen takes at once. */
const pageLength = 50_000

export async function readResult(deps: Pick<Deps, 'db'>, actor: Actor, input: { id: string; resultId: string; offset: number }) {
  check(actor, 'turn', 'read', 'own')
  await requireTurn(deps.db, actor, input.id)
  const whole = await findResult(deps.db, input.id, input.resultId)
  if (whole === undefined) throw new AppError('result.not_found')
  return { text: pieceOf(whole, input.offset, pageLength), offset: input.offset, length: whole.length }
}
