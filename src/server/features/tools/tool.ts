import type { JSONSchema7 } from '@ai-sdk/provider'
import type { z } from 'zod'
import type { A2uiMessage, FilePart } from '../../../contract/messages.ts'
import type { AnswerValues, QuestionBody } from '../../../contract/tool-questions.ts'

export interface ToolContext {
  signal: AbortSignal
  /** The same after an interruption: an idempotency key for tools that may run again. */
  callId: string
  actorId: string
  /** The key by which they asked: what it may not do and not spend, its tools may not either. */
  apiKeyId: string | null
  workspaceId: string
  turnId: string
  /** Null where nothing of the turn is kept. */
  conversationId: string | null
  /** Resolves once it is written down that it was called: before a repeatable tool begins what is found again by its `callId`. Left out where nothing is kept. */
  isWritten?: () => Promise<void>
  /** Says how far it is, as often as it likes; left out where nobody can be shown it. `fraction` from 0 to 1. */
  progress?: (progress: { message?: string; fraction?: number }) => void
  /** Left out where nobody can be asked: contacts, visitors, programs with a key, turns of which nothing is kept. */
  questions?: CallQuestions
}

/** What a call asks whoever's turn it is. Its time limit does not run meanwhile. */
export interface CallQuestions {
  /** Rejects with the signal's reason where the call is ended. */
  ask(question: NewQuestion): Promise<QuestionAnswer>
  /** Shows what was done without being asked for. */
  tell(question: Omit<NewQuestion, 'limitMs'>): Promise<void>
  /** Puts what came of it into a question that was answered. */
  amend(key: string, body: QuestionBody): Promise<void>
  /** With `memo` the call may begin again after an interruption, with `recall` to go on by; with null it may not, as before. */
  keep(memo: object | null): Promise<void>
  recall(): Promise<unknown>
}

export interface NewQuestion {
  /** Within the call. Asked again under the same one, the question is the same, and so is its answer. */
  key: string
  body: QuestionBody
  limitMs: number
}

export interface QuestionAnswer {
  action: 'accept' | 'decline' | 'cancel'
  values: AnswerValues
}

/** A tool's answer in words, with an interface that shows the same to whoever reads. */
export interface ShownAnswer {
  /** For the model. */
  text: string
  surface: Surface
}

/** A tool's answer in words, with the places of the web that it rests on: they are kept with the message. */
export interface CitedAnswer {
  text: string
  sources: { url: string; title: string | null }[]
}

/** A tool's answer in words, with files that it wrote into the conversation. */
export interface FiledAnswer {
  text: string
  files: FilePart[]
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
  /** Letters, digits, `_` and `-`, at most 64: what all providers take. A source's tools are named `<source>__<tool>`. */
  name: string
  description: string
  /** What the arguments must be. */
  input: z.ZodType<Input>
  /** What the model is told of the arguments, where their description came from elsewhere; left out: made from `input`. */
  inputSchema?: JSONSchema7
  /** Read-only or idempotent: may run again after an interruption. Everything else runs at most once. */
  isRepeatable: boolean
  permission: 'allow' | 'ask' | 'deny'
  /** Only where an agent names it; everything else is offered everywhere. */
  isForAgents?: boolean
  /** Not for contacts and visitors, unless the agent that answers them names it. */
  isForMembers?: boolean
  /** Listed for one agent alone, which was given it beside those that it names. */
  isOfAgent?: boolean
  timeoutMs: number
  run(input: Input, context: ToolContext): Promise<string | ShownAnswer | CitedAnswer | FiledAnswer>
}

/** For whom tools are listed: what one turn may call is decided by these alone. */
export interface ToolScope {
  workspaceId: string
  actorId: string
  /** The agent that answers; null where none does. */
  agentId: string | null
  /** Null where nothing of the turn is kept. */
  conversationId: string | null
}

/** Tools beside this server's own: those of a workspace's MCP servers, HTTP APIs, databases. */
export interface ToolSource {
  /** What the scope may call, as it is known here and now: a machine that does not answer must cost nobody time. */
  list(scope: ToolScope): Promise<readonly Tool[]>
  /** What agents may name besides, since it is only there in some conversations. */
  listSometimes?(workspaceId: string): readonly Tool[]
}

/** A failure whose message the model may read. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure'
}
