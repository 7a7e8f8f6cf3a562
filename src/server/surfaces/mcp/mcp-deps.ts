import type { ConversationDeps } from '../../features/conversations/index.ts'
import type { PromptDeps } from '../../features/prompts/index.ts'
import type { SearchDeps } from '../../features/search/index.ts'
import type { TurnDeps } from '../../features/turns/index.ts'
import type { Secret } from '../../platform/vault/index.ts'

export interface McpDeps extends TurnDeps {
  conversations: ConversationDeps
  search: SearchDeps
  prompts: PromptDeps
  /** Where the person reads on. */
  addressOf(conversationId: string, messageId?: string): string
  /** Signs what clients carry for us. */
  stateSecret: Secret
}
