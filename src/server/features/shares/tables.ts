import type { Generated } from 'kysely'

/** A link by which anybody who has it reads one path of a conversation. */
export interface ShareTable {
  id: string
  workspace_id: string
  conversation_id: string
  owner_id: string
  /** SHA-256; whoever asks for the link is looked up by it. */
  token_hash: Uint8Array
  /** So that the owner can copy the link again. */
  sealed_token: Uint8Array
  /** The path ends here, unless the share is live. */
  message_id: string
  is_live: boolean
  is_indexed: boolean
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    share: ShareTable
  }
}
