import type { Turn } from '../../../contract/turns.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { requireTurn } from './get-turn.ts'
import { presentTurn } from './present.ts'
import * as store from './store.ts'
import type { TurnDeps } from './turn-deps.ts'

/** Ends one running tool call, wherever it runs. The wish is in the row first, so that neither a lost message nor a dead process forgets it. */
export async function cancelCall(deps: TurnDeps, actor: Actor, { id, callId }: { id: string; callId: string }): Promise<Turn> {
  check(actor, 'turn', 'stop', 'own')
  const turn = await requireTurn(deps.db, actor, id)
  if (!(await store.requestCancel(deps.db, id, callId))) throw new AppError('call.not_running')
  if (!deps.turns.engine.cancelCall(id, callId)) deps.turns.announceCancel(id, callId)
  return presentTurn(turn, await store.listCalls(deps.db, id))
}
