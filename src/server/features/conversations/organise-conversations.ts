import type { TrashedConversation } from '../../../contract/conversations.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { ConversationDeps } from './change-conversations.ts'
import { readCursor, writeCursor } from './list-cursor.ts'
import * as store from './organise-store.ts'
import { trashConversations } from './trash-conversations.ts'

interface Several {
  workspaceId: string
  ids: readonly string[]
}

export async function updateConversations(
  deps: ConversationDeps,
  actor: Actor,
  { workspaceId, ids, ...changes }: Several & store.ManyChanges,
): Promise<{ changed: number }> {
  check(actor, 'conversation', 'update', { workspaceId })
  return changeAll(deps, actor, { workspaceId, ids }, async (tx, found) => {
    await store.updateAll(tx, found, changes)
    await store.tellChanged(tx, actor.principalId, found)
  })
}

/** Soft, each can be restored. What runs in them is stopped. */
export async function deleteConversations(
  deps: ConversationDeps,
  actor: Actor,
  { workspaceId, ids }: Several,
): Promise<{ changed: number }> {
  check(actor, 'conversation', 'delete', { workspaceId })
  let deletedIds: string[] = []
  const result = await changeAll(deps, actor, { workspaceId, ids }, async (tx, found) => {
    deletedIds = await trashConversations(tx, found)
  })
  for (const id of deletedIds) await deps.stopConversation(id)
  return result
}

async function changeAll(
  deps: ConversationDeps,
  actor: Actor,
  { workspaceId, ids }: Several,
  work: (tx: Tx, found: string[]) => Promise<void>,
): Promise<{ changed: number }> {
  const wanted = new Set(ids)
  await deps.db.transaction().execute(async (tx) => {
    const found = await store.lockAll(tx, { ownerId: actor.principalId, workspaceId }, [...wanted])
    if (found.length < wanted.size) throw new AppError('conversation.not_found')
    await work(tx, found)
  })
  deps.userStreams.announce([actor.principalId])
  return { changed: wanted.size }
}

export async function listTrash(
  deps: Pick<ConversationDeps, 'db'>,
  actor: Actor,
  { workspaceId, limit, cursor }: { workspaceId: string; limit: number; cursor?: string | undefined },
): Promise<{ conversations: TrashedConversation[]; nextCursor: string | null }> {
  check(actor, 'conversation', 'read', { workspaceId })
  const rows = await store.listTrash(deps.db, { ownerId: actor.principalId, workspaceId }, cursor ? readCursor(cursor) : null, limit + 1)
  const last = rows[limit - 1]
  return {
    conversations: rows.slice(0, limit).map((row) => ({
      id: row.id as TrashedConversation['id'],
      title: row.title,
      deletedAt: row.deleted_at.toISOString(),
      purgedAt: row.purged_at.toISOString(),
    })),
    nextCursor: rows.length > limit && last ? writeCursor(false, last.deleted_at, last.id) : null,
  }
}

/** They cannot be restored from now on, and are gone within the hour. */
export async function emptyTrash(deps: Pick<ConversationDeps, 'db'>, actor: Actor, workspaceId: string): Promise<{ ok: true }> {
  check(actor, 'conversation', 'delete', { workspaceId })
  await store.expireTrash(deps.db, { ownerId: actor.principalId, workspaceId })
  return { ok: true }
}

export async function listTags(
  deps: Pick<ConversationDeps, 'db'>,
  actor: Actor,
  workspaceId: string,
): Promise<{ tag: string; count: number }[]> {
  check(actor, 'conversation', 'read', { workspaceId })
  return store.listTags(deps.db, { ownerId: actor.principalId, workspaceId })
}
