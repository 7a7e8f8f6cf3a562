import type { z } from 'zod'

export interface ToolContext {
  signal: AbortSignal
  /** The same after an interruption: an idempotency key for tools that may run again. */
  callId: string
  actorId: string
  workspaceId: string
}

/**
 * Something a model may call. `run` answers text for the model; what it throws is told to the model as a failure, so an error's message must be written
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
  timeoutMs: number
  run(input: Input, context: ToolContext): Promise<string>
}

/** A failure whose message the model may read. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure'
}
