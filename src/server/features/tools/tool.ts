import type { z } from 'zod'
import type { A2uiMessage } from '../../../contract/messages.ts'

export interface ToolContext {
  signal: AbortSignal
  /** The same after an interruption: an idempotency key for tools that may run again. */
  callId: string
  actorId: string
  workspaceId: string
  turnId: string
  /** Null where nothing of the turn is kept. */
  conversationId: string | null
}

/** A tool's answer in words, with an interface that shows the same to whoever reads. */
export interface ShownAnswer {
  /** For the model. */
  text: string
  surface: Surface
}

/** Complete from the start, and checked (`surfaceProblems`). */
export interface Surface {
  surfaceId: string
  messages: A2uiMessage[]
  /** For who cannot be shown it. */
  fallback: string
}

/**
 * Something a model may call. `run` answers text for the model, or that and what is shown; what it throws is told to the model as a failure, so an error's message must be written
 * for a model and hold no internals (`ToolFailure`); anything else becomes a general sentence.
 */
export interface Tool<Input = unknown> {
  /** Letters, digits, `_` and `-`, at most 64: what all providers take. */
  name: string
  description: string
  input: z.ZodType<Input>
  /** Read-only or idempotent: may run again after an interruption. Everything else runs at most once. */
  isRepeatable: boolean
  permission: 'allow' | 'ask' | 'deny'
  /** Only where an agent names it; everything else is offered everywhere. */
  isForAgents?: boolean
  timeoutMs: number
  run(input: Input, context: ToolContext): Promise<string | ShownAnswer>
}

/** A failure whose message the model may read. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure'
}
