import type { Share } from '../../../contract/shares.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { presentShare } from './present.ts'
import type { ShareDeps } from './share-deps.ts'
import * as store from './store.ts'

type Deps = Pick<ShareDeps, 'db' | 'vault' | 'tell'>

export async function updateShare(
  deps: Deps,
  actor: Actor,
  input: { id: string; isLive?: boolean | undefined; isIndexed?: boolean | undefined },
): Promise<Share> {
  check(actor, 'conversation', 'share', 'own')
  return change(deps, actor, input.id, async (tx, row) => {
    const { isLive = row.is_live, isIndexed = row.is_indexed } = input
    await store.update(tx, row.id, { is_live: isLive, is_indexed: isIndexed })
    return presentShare(deps.vault, { ...row, is_live: isLive, is_indexed: isIndexed })
  })
}

/** At once: nothing of a link is kept that could be found again. */
export async function revokeShare(deps: Deps, actor: Actor, id: string): Promise<{ ok: true }> {
  check(actor, 'conversation', 'share', 'own')
  return change(deps, actor, id, async (tx, row) => {
    await store.remove(tx, row.id)
    return { ok: true as const }
  })
}

async function change<Result>(
  deps: Deps,
  actor: Actor,
  id: string,
  work: (tx: Tx, row: store.ShareRow) => Promise<Result>,
): Promise<Result> {
  const { result, announce } = await deps.db.transaction().execute(async (tx) => {
    const row = await store.find(tx, actor.principalId, id)
    if (!row) throw new AppError('share.not_found')
    const done = await work(tx, row)
    const event = { type: 'shares-changed', conversationId: row.conversation_id as Share['conversationId'] } as const
    return { result: done, announce: await deps.tell(tx, [actor.principalId], event) }
  })
  announce()
  return result
}
