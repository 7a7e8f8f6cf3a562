import type { Generated } from 'kysely'
import type { JSONColumnType } from 'kysely'
import type { ThinkingLevel } from '../../../contract/models.ts'
import type { WebSearch } from '../../../contract/web-search.ts'
import type { StoredPart } from './stored-part.ts'

export type Source = 'web' | 'api' | 'webhook' | 'telegram' | 'page' | 'widget'

export interface ConversationTable {
  id: string
  workspace_id: string
  owner_id: string
  source: Source
  /** Empty until the first message gives it one. */
  title: string
  /** `first`: until a model has made a better one. `own`: a person gave it. */
  title_state: Generated<'first' | 'made' | 'own'>
  title_attempts: Generated<number>
  title_claimed_until: Generated<Date | null>
  visibility: Generated<'private' | 'workspace'>
  /** The last message of the path that is shown. Moves when a turn is accepted or a person switches, never at settlement. */
  head_id: string | null
  next_serial: Generated<number>
  model_id: string | null
  connection_id: string | null
  agent_id: Generated<string | null>
  last_message_preview: string | null
  /** Of a fork: what it was copied from, also when that is gone. */
  forked_from_conversation_id: Generated<string | null>
  forked_from_message_id: Generated<string | null>
  /** Of a child: the message that began it. */
  spawned_by_conversation_id: Generated<string | null>
  spawned_by_message_id: Generated<string | null>
  /** Of a temporary conversation: when it is erased. */
  expires_at: Generated<Date | null>
  /** Of a conversation with a contact: the installation it came by, and the platform's thread. */
  installation_id: Generated<string | null>
  session_id: Generated<string | null>
  /** Who answers a contact. */
  handled_by: Generated<'bot' | 'person'>
  assignee_id: Generated<string | null>
  language: Generated<string | null>
  /** A record elsewhere that it is about. */
  entity_type: Generated<string | null>
  entity_id: Generated<string | null>
  pinned_at: Generated<Date | null>
  archived_at: Generated<Date | null>
  tags: Generated<string[]>
  shows_usage: Generated<boolean>
  usage_alert_nano_usd: Generated<bigint | null>
  usage_alerted_at: Generated<Date | null>
  deleted_at: Date | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

/** What a conversation sets for itself; null leaves it to the next level. */
export interface ConversationSettingsTable {
  conversation_id: string
  workspace_id: string
  system_prompt: string | null
  temperature: number | null
  max_tokens: number | null
  top_p: number | null
  thinking: ThinkingLevel | null
  web_search: Generated<WebSearch | null>
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

/** A path is a short list of (branch, depth range); see docs/design/architecture.md. */
export interface BranchTable {
  id: string
  workspace_id: string
  conversation_id: string
  parent_branch_id: string | null
  fork_depth: number
}

export interface MessageTable {
  id: string
  workspace_id: string
  conversation_id: string
  parent_id: string | null
  branch_id: string
  depth: number
  serial: number
  author_id: string
  role: 'user' | 'assistant' | 'system'
  parts: JSONColumnType<StoredPart[]>
  /** What a model reads in place of the parts. */
  structured_prompt: Generated<string | null>
  language: Generated<string | null>
  external_id: Generated<string | null>
  reply_to_id: Generated<string | null>
  entity_type: Generated<string | null>
  entity_id: Generated<string | null>
  /** The turn this message is the answer of. */
  turn_id: string | null
  /** Of an answer from elsewhere: the model, as it is called there. */
  model_name: Generated<string | null>
  /** The same for all messages of one deletion. */
  deleted_at: Generated<Date | null>
  created_at: Generated<Date>
}

/** What a person thinks of an answer; one row each. */
export interface MessageFeedbackTable {
  id: string
  workspace_id: string
  message_id: string
  principal_id: string
  value: 'like' | 'dislike'
  reason: string | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    conversation: ConversationTable
    conversation_settings: ConversationSettingsTable
    branch: BranchTable
    message: MessageTable
    message_feedback: MessageFeedbackTable
  }
}
