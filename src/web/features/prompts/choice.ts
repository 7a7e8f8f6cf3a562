import type { McpPrompt } from '../../../contract/mcp-servers.ts'
import type { PromptSummary } from '../../../contract/prompts.ts'

/** A prompt of the library, or of a tool server. */
export interface Choice extends Pick<PromptSummary, 'name' | 'preview'> {
  id: string
  variableCount: number
  server?: McpPrompt
}
