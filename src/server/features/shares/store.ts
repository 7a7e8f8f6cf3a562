import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'

export interface ShareRow {
  id: string
  workspace_id: string
  conversation_id: string
  owner_id: string
  title: string
  sealed_token: Uint8Array
  message_id: string
  is_live: boolean
  is_indexed: boolean
  created_at: Date
}

/** A deleted conversation has no links for as long as it is deleted. */
function existing(db: Db | Tx) {
  return db
    .selectFrom('share')
    .innerJoin('conversation', 'conversation.id', 'share.conversation_id')
    .where('conversation.deleted_at', 'is', null)
    .select([
      'share.id',
      'share.workspace_id',
      'share.conversation_id',
      'share.owner_id',
      'conversation.title',
      'share.sealed_token',
      'share.message_id',
      'share.is_live',
      'share.is_indexed',
      'share.created_at',
    ])
}

/** Of whoever has the token. Of somebody who was shut out nothing is shown. */
export async function findByToken(db: Db, tokenHash: Uint8Array): Promise<ShareRow | undefined> {
  return existing(db)
    .innerJoin('user_account', 'user_account.id', 'share.owner_id')
    .where('share.token_hash', '=', tokenHash)
    .where('user_account.status', '<>', 'disabled')
    .executeTakeFirst()
}

export async function find(db: Db | Tx, ownerId: string, id: string): Promise<ShareRow | undefined> {
  return existing(db).where('share.id', '=', id).where('share.owner_id', '=', ownerId).executeTakeFirst()
}

export async function list(
  db: Db,
  ownerId: string,
  page: { workspaceId: string; before: { at: Date; id: string } | null; limit: number },
): Promise<ShareRow[]> {
  const { before } = page
  return existing(db)
    .where('share.owner_id', '=', ownerId)
    .where('share.workspace_id', '=', page.workspaceId)
    .$if(before !== null, (query) => query.where(sql<boolean>`(share.created_at, share.id) < (${before!.at}, ${before!.id})`))
    .orderBy('share.created_at', 'desc')
    .orderBy('share.id', 'desc')
    .limit(page.limit)
    .execute()
}

export async function listOfConversation(db: Db | Tx, ownerId: string, conversationId: string): Promise<ShareRow[]> {
  return existing(db)
    .where('share.owner_id', '=', ownerId)
    .where('share.conversation_id', '=', conversationId)
    .orderBy('share.created_at', 'desc')
    .orderBy('share.id', 'desc')
    .execute()
}

export async function insert(
  tx: Tx,
  row: {
    id: string
    workspace_id: string
    conversation_id: string
    owner_id: string
    token_hash: Uint8Array
    sealed_token: Uint8Array
    message_id: string
    is_live: boolean
    is_indexed: boolean
  },
): Promise<void> {
  await tx.insertInto('share').values(row).execute()
}

export async function update(tx: Tx, id: string, change: { is_live?: boolean; is_indexed?: boolean }): Promise<void> {
  await tx
    .updateTable('share')
    .set({ ...change, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

export async function remove(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('share').where('id', '=', id).execute()
}

/** Of these messages, what models read in place of their words: what was kept from them is kept from those of a copy too. */
export async function listRewritten(db: Db, conversationId: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('message')
    .select(['id', 'structured_prompt'])
    .where('conversation_id', '=', conversationId)
    .where('id', 'in', ids)
    .where('structured_prompt', 'is not', null)
    .execute()
  return new Map(rows.map((row) => [row.id, row.structured_prompt!]))
}
