import type {
  CallToolResult,
  GetPromptResult,
  InputRequiredResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  ServerContext,
} from '@modelcontextprotocol/server'
import type { z } from 'zod'
import type { Action, Resource as Subject } from '../../../contract/endpoint.ts'
import type { Actor } from '../../platform/auth/index.ts'

/** What a person is asked by their client; they answer with one of the options. */
export interface Question {
  message: string
  label: string
  options: { value: string; label: string }[]
}

/** Undefined: not answered. `declined`: refused without choosing. */
export type Answers = Record<string, string | 'declined' | undefined>

/** Who calls, and what of the protocol a tool may use. */
export interface McpCall {
  actor: Actor
  context: ServerContext
  /** Tells the client how far it is, where it has asked for that. */
  progress(done: number, message: string): Promise<void>
  /** Has the client ask its person and call again with the answers and this state. Undefined where the client cannot. */
  askBack: ((state: object, questions: Record<string, Question>) => Promise<InputRequiredResult>) | undefined
  /** A state for what asks its client otherwise: signed, for this caller and kind of call. */
  mint(state: object): Promise<string>
  /** Of a call that comes again: the state as it was given, which nobody has changed, and the answers, which are a client's word. */
  back: { state: object; answers: Answers } | undefined
}

export type McpResult = string | CallToolResult | InputRequiredResult

export interface McpTool {
  name: string
  title: string
  description: string
  input: z.ZodObject
  /** Instead of what follows from `input`. */
  inputSchema?: object
  isReadOnly: boolean
  /** What its operations ask the gate for. Who may not do all of it is not shown the tool. */
  needs: readonly `${Subject}:${Action}`[]
  run(input: never, call: McpCall): Promise<McpResult>
}

/** What is to be completed: an argument of a prompt, or of an address of resources. */
export interface Completion {
  of: { prompt: string } | { template: string }
  argument: string
  value: string
}

/** What the endpoint shows. Each is asked for what the actor may see, page by page; whoever does not know a name says undefined. */
export interface McpParts {
  tools: readonly McpTool[]
  listPrompts(call: McpCall, cursor: string | undefined): Promise<{ prompts: Prompt[]; nextCursor?: string }>
  getPrompt(call: McpCall, name: string, values: Record<string, string>): Promise<GetPromptResult | InputRequiredResult | undefined>
  listResources(call: McpCall, cursor: string | undefined): Promise<{ resources: Resource[]; nextCursor?: string }>
  listTemplates(call: McpCall): ResourceTemplateType[]
  readResource(call: McpCall, uri: string): Promise<ReadResourceResult | undefined>
  /** Nothing to suggest is an empty list. */
  complete(call: McpCall, completion: Completion): Promise<string[]>
}
