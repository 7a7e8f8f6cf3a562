import type { Generated } from 'kysely'

/** What is searched of a message; see the migration. */
interface MessageTextTable {
  message_id: string
  piece: number
  workspace_id: string
  conversation_id: string
  owner_id: string
  model_id: string | null
  agent_id: string | null
  language: string | null
  created_at: Date
  words: string
}

interface IndexedConversationTable {
  conversation_id: string
  workspace_id: string
  serial: number
}

interface SearchProgressTable {
  workspace_id: Generated<string>
  checked_until: Date
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    message_text: MessageTextTable
    indexed_conversation: IndexedConversationTable
    search_progress: SearchProgressTable
  }
}
