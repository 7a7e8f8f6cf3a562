import type {
  CallToolResult,
  GetPromptResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  ServerContext,
} from '@modelcontextprotocol/server'
import type { z } from 'zod'
import type { Actor } from '../../platform/auth/index.ts'

/** Who calls, and what of the protocol a tool may use. */
export interface McpCall {
  actor: Actor
  context: ServerContext
  /** Tells the client how far it is, where it has asked for that. */
  progress(done: number, message: string): Promise<void>
}

export interface McpTool {
  name: string
  title: string
  description: string
  input: z.ZodObject
  isReadOnly: boolean
  run(input: never, call: McpCall): Promise<string | CallToolResult>
}

/** What the endpoint shows. Each is asked for what the actor may see, page by page; whoever does not know a name says undefined. */
export interface McpParts {
  tools: readonly McpTool[]
  listPrompts(call: McpCall, cursor: string | undefined): Promise<{ prompts: Prompt[]; nextCursor?: string }>
  getPrompt(call: McpCall, name: string, values: Record<string, string>): Promise<GetPromptResult | undefined>
  listResources(call: McpCall, cursor: string | undefined): Promise<{ resources: Resource[]; nextCursor?: string }>
  listTemplates(): ResourceTemplateType[]
  readResource(call: McpCall, uri: string): Promise<ReadResourceResult | undefined>
}
