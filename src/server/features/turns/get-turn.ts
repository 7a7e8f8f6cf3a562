import type { Turn, TurnStreamItem } from '../../../contract/turns.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { parsePosition } from '../../platform/events/index.ts'
import { presentTurn } from './present.ts'
import * as store from './store.ts'
import type { TurnDeps } from './turn-deps.ts'

/** The row, if the actor may see it. A stranger's and a missing turn look the same. */
export async function requireTurn(db: Db | Tx, actor: Actor, id: string): Promise<store.TurnRow> {
  const turn = await store.findTurn(db, { principalId: actor.principalId, workspaceIds: workspaceIdsOf(actor) }, id)
  if (!turn) throw new AppError('turn.not_found')
  return turn
}

export async function getTurn(deps: Pick<TurnDeps, 'db'>, actor: Actor, id: string): Promise<Turn> {
  check(actor, 'turn', 'read', 'own')
  const turn = await requireTurn(deps.db, actor, id)
  return presentTurn(turn, await store.listCalls(deps.db, id))
}

/** The turn's events after a position (`<epoch>.<seq>`), to its end. The gate is asked once here; the surface ends the stream when the actor loses access. */
export async function followTurn(
  deps: TurnDeps,
  actor: Actor,
  id: string,
  after: string | undefined,
  signal: AbortSignal,
): Promise<AsyncGenerator<TurnStreamItem[]>> {
  check(actor, 'turn', 'read', 'own')
  await requireTurn(deps.db, actor, id)
  return deps.turns.hub.follow(id, parsePosition(after), signal)
}
