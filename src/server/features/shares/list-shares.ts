import type { Share } from '../../../contract/shares.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { requireConversation } from '../conversations/index.ts'
import { presentShare } from './present.ts'
import type { ShareDeps } from './share-deps.ts'
import * as store from './store.ts'

/** The actor's own links in a workspace, the newest first. */
export async function listShares(
  deps: Pick<ShareDeps, 'db' | 'vault'>,
  actor: Actor,
  input: { workspaceId: string; cursor?: string | undefined; limit: number },
): Promise<{ shares: Share[]; nextCursor: string | null }> {
  const { workspaceId, cursor, limit } = input
  check(actor, 'conversation', 'share', { workspaceId })
  const before = cursor ? readCursor(cursor) : null
  const rows = await store.list(deps.db, actor.principalId, { workspaceId, before, limit: limit + 1 })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    shares: page.map((row) => presentShare(deps.vault, row)),
    nextCursor: rows.length > limit && last ? `${last.created_at.getTime()}.${last.id}` : null,
  }
}

export async function listConversationShares(deps: Pick<ShareDeps, 'db' | 'vault'>, actor: Actor, id: string): Promise<Share[]> {
  check(actor, 'conversation', 'share', 'own')
  await requireConversation(deps.db, actor, id)
  return (await store.listOfConversation(deps.db, actor.principalId, id)).map((row) => presentShare(deps.vault, row))
}

function readCursor(cursor: string): { at: Date; id: string } {
  const match = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (!match) throw new AppError('request.invalid', { issues: [{ path: ['cursor'], message: 'is not a cursor of this list' }] })
  return { at: new Date(Number(match[1])), id: match[2]! }
}
