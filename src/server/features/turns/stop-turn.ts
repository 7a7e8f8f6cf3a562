import type { Turn } from '../../../contract/turns.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { requireTurn } from './get-turn.ts'
import { presentTurn } from './present.ts'
import * as store from './store.ts'
import type { TurnDeps } from './turn-deps.ts'

/** Stops a turn wherever it runs. One that no living process runs is closed here; what has ended stays as it is. */
export async function stopTurn(deps: TurnDeps, actor: Actor, id: string): Promise<Turn> {
  check(actor, 'turn', 'stop', 'own')
  await requireTurn(deps.db, actor, id)
  await stop(deps, id)
  const turn = await requireTurn(deps.db, actor, id)
  return presentTurn(turn, await store.listCalls(deps.db, id))
}

async function stop({ db, turns }: TurnDeps, id: string): Promise<void> {
  // A turn may begin to wait between the two questions; then it is nobody's and can be claimed.
  for (let attempt = 0; attempt < 3; attempt++) {
    const claimed = await store.claimToClose(db, id, turns.engine.processId)
    if (claimed) return void (await turns.engine.resume(claimed, { state: 'stopped', error: null }))
    if (await store.requestStop(db, id)) break
  }
  if (!turns.engine.stop(id)) turns.announceStop(id)
}

/** Stops everything that runs in a conversation, for its deletion. */
export async function stopConversation(deps: TurnDeps, conversationId: string): Promise<void> {
  await stopTurns(deps, await store.listUnfinished(deps.db, conversationId))
}

/** Stops these, for the deletion of what they write. */
export async function stopTurns(deps: TurnDeps, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => stop(deps, id)))
}
