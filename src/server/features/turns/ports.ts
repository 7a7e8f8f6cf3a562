import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider'
import type { ErrorNotice } from '../../../contract/errors.ts'
import type { TurnEvent } from '../../../contract/turns.ts'
import type { AppError } from '../../platform/errors/index.ts'
import type { LiveStream } from '../../platform/events/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import type { AskingCall, OpenedQuestions } from '../questions/index.ts'
import type { OpenTools } from '../tools/index.ts'
import type { StoredPart } from '../conversations/index.ts'
import type { PathMessage } from './hot-statements.ts'
import type { TurnGuards } from './guards.ts'
import type { Continuation, Instruction } from './instructions.ts'
import type { Snapshot } from './snapshot.ts'
import type { TurnWrite, TurnWritten } from './hot-statements.ts'
import type { Counted } from './turn-bill.ts'

/** What one turn needs to run, whichever way it came to this process. */
export interface Job {
  turnId: string
  epoch: number
  workspaceId: string
  actorId: string
  /** By which they asked; null where they were there themselves. */
  apiKeyId: string | null
  ownerId: string | null
  /** Null for an ephemeral turn: nothing of it is kept but its task and usage. */
  conversationId: string | null
  answerMessageId: string | null
  userMessageId: string | null
  settings: Omit<Snapshot, 'hash'>
  startedAt: number
  /** The task that `accept` began. Null: the turn begins its next task itself (a follow-up, a takeover, a decision). */
  taskId: string | null
  step: number
  attempt: number
  /** Its first model call's: from there the permitted steps are counted. */
  firstStep: number
  parts: StoredPart[]
  /** Tool calls to run before the next model call: rows marked running. */
  calls: OpenCall[]
  how: 'fresh' | 'resumed' | 'decided'
  /** The conversation begins with it. Not known of a turn that comes from another process. */
  isFirst?: boolean
  /** It goes on with what an answer has already; see `Continuation`. */
  continues: Continuation | null
  /** What its calls before used; left out where there were none. */
  counted?: Counted
  /** The path through the question, read once. */
  path?: Promise<PathMessage[]>
  /** Calls that wait for a person. */
  asked: OpenCall[]
  /** Ends at once, keeping what is there. */
  closeAs?: End
  /** The caller supplies the context and the tools itself (`/v1`). */
  caller?: CallerSupplied
}

export interface End {
  state: 'completed' | 'stopped' | 'failed'
  error: ErrorNotice | null
}

export interface CallerSupplied {
  prompt: LanguageModelV4Prompt
  /** Sampling, tools and the like, already in the model's terms. Calls of these tools end the turn: the caller runs them. */
  options: Partial<Omit<LanguageModelV4CallOptions, 'prompt' | 'abortSignal'>>
  /** For its usage row: what it is for, if not for an answer, and for which conversation. */
  aside?: { purpose: 'title' | 'summary' | 'tool' | 'guardrail'; conversationId: string | null; messageId?: string | null }
  /** What its answer already holds, in passes up to 0: calls that the caller has run, with their results. */
  before?: StoredPart[]
  /** Told every part of the model's stream in the tick in which it comes: a foreign protocol speaks of things that events do not. Must not throw. */
  observe?(part: LanguageModelV4StreamPart): void
}

/** How a turn ended, once that is written. */
export type Outcome = Extract<TurnEvent, { type: 'turn-ended' }>

export interface OpenCall {
  id: string
  step: number
  callId: string
  toolName: string
  arguments: unknown
}

/** A call that runs, as far as its questions go. */
export type AskingPart = Pick<AskingCall, 'callId' | 'isRepeatable' | 'isWritten' | 'signal' | 'show'>

/** What the engine needs of the world. Tests put a crash or a fault behind any of these. */
export interface EnginePorts {
  processId: string
  log: Logger
  /** One fenced write; many are batched into one round trip. */
  write(item: TurnWrite): Promise<TurnWritten>
  openStream(turnId: string, epoch: number, isDurable: boolean): LiveStream<TurnEvent>
  closeStream(turnId: string, stream: LiveStream<TurnEvent>): void
  /** After a write: other processes' followers and the owner's devices hear of it. */
  announce(turnId: string, ownerId: string | null): void
  prompt(job: Job, parts: readonly StoredPart[], instruction: Instruction | null): Promise<LanguageModelV4Prompt>
  openModel(settings: Job['settings']): Promise<{ model: LanguageModelV4; options: Partial<LanguageModelV4CallOptions> }>
  toAppError(error: unknown): AppError
  /** The error that a finish reason stands for. */
  finishError(reason: LanguageModelV4FinishReason): AppError | null
  estimateTokens(text: string): number
  extendReservation(taskId: string, amountNanoUsd: bigint): Promise<boolean>
  /** What looks at what it is given and what it says; not asked where the snapshot names none. */
  openGuards(job: Job): Promise<TurnGuards>
  /** What its person wrote, and what the files with it say that a model is given as text. */
  question(job: Job): Promise<{ words: string; files: string[] }>
  /** What models read in place of the words of its person, in later turns too. */
  setReadAs(job: Job, text: string): Promise<void>
  /** What its model may call. */
  openTools(job: Job): Promise<OpenTools>
  /** What people have answered for good, by tool; asked once a step. */
  decided(job: Job): Promise<ReadonlyMap<string, 'allow' | 'deny'>>
  /** The whole of a result of which the message has the beginning. */
  keepResult(result: { id: string; turnId: string; epoch: number; content: string }): Promise<void>
  /** How this call asks whoever's turn it is; undefined where nobody can be asked. */
  questionsOf(job: Job, call: AskingPart): OpenedQuestions | undefined
  /** Resolves once this process may start work; see `ProcessLease`. */
  sure(signal: AbortSignal): Promise<void>
  /** Runs turns that this one's end has started. */
  startFollowUps(turnIds: readonly string[]): void
  /** An answer is to be sent to a contact. */
  wakeDeliveries(): void
  /** An answer is whole. `inputTokens`: what its last call has read. */
  onAnswered(job: Job, inputTokens: number): void
  /** A call was charged for a conversation whose cost is watched. */
  onSpent(conversationId: string): void
}
