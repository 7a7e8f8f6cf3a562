import type { Share } from '../../../contract/shares.ts'
import type { Vault } from '../../platform/vault/index.ts'
import { openToken } from './share-token.ts'
import type { ShareRow } from './store.ts'

export function presentShare(vault: Vault, row: ShareRow): Share {
  return {
    id: row.id as Share['id'],
    conversationId: row.conversation_id as Share['conversationId'],
    conversationTitle: row.title,
    messageId: row.message_id as Share['messageId'],
    isLive: row.is_live,
    isIndexed: row.is_indexed,
    path: `/s/${openToken(vault, row)}`,
    createdAt: row.created_at.toISOString(),
  }
}
