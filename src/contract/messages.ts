import { z } from 'zod'
import { ErrorNotice } from './errors.ts'
import { AgentId, AttachmentId, ConversationId, Instant, MessageId, ModelId, NanoUsd, TurnId } from './ids.ts'
import { KeyOrigin, Provider } from './models.ts'
import { ToolQuestion } from './tool-questions.ts'

const step = z.number().int().describe('which pass of the turn made it; 0 for what a person wrote')

export const TextPart = z.object({ type: z.literal('text'), step, text: z.string() })
export const ReasoningPart = z.object({ type: z.literal('reasoning'), step, text: z.string(), durationMs: z.number().int().nullable() })

/**
 * asked: waiting for a person · running · completed · failed · denied · cancelled: a person ended it while it ran · interrupted: the server died while it ran
 * and it may not run twice.
 * `client` calls are answered by the caller of `/v1`, never here.
 */
export const ToolCallState = z.enum(['asked', 'running', 'completed', 'failed', 'denied', 'cancelled', 'interrupted', 'client'])
export type ToolCallState = z.infer<typeof ToolCallState>

/** `fraction` from 0 to 1; null where it is not known. */
export const ToolProgress = z.object({ message: z.string().nullable(), fraction: z.number().min(0).max(1).nullable() })
export type ToolProgress = z.infer<typeof ToolProgress>

export const ToolCallPart = z.object({
  type: z.literal('tool-call'),
  step,
  callId: z.string(),
  toolName: z.string(),
  arguments: z.json(),
  state: ToolCallState,
  /** What the model was told: the result, or a sentence about the failure. Null while it has not ended. */
  result: z.string().nullable(),
  durationMs: z.number().int().nullable(),
  /** Where `result` is only the beginning: the whole, to be read on (`turns.readResult`), and its length in UTF-16 units. */
  whole: z.object({ id: z.uuid(), length: z.number().int() }).optional(),
  /** Run by the model's provider within its call, and not here. */
  isProviders: z.literal(true).optional(),
  /** How far it is, while it runs and says so. */
  progress: ToolProgress.optional(),
  /** What it asks whoever's turn it is, in the order in which it asked. Open ones wait as long as the call runs. */
  questions: z.array(ToolQuestion).optional(),
})
export const SourcePart = z.object({ type: z.literal('source'), step, url: z.string(), title: z.string().nullable() })
export const NoticePart = z.object({ type: z.literal('notice'), step, notice: ErrorNotice })

/** One message of A2UI 0.9 to a client. Checked against its official schemas where it is made. */
export const A2uiMessage = z.record(z.string(), z.json())
export type A2uiMessage = z.infer<typeof A2uiMessage>

/** An interface that a tool made for whoever reads, kept as it was shown. `fallback` says the same in words, where it cannot be drawn. */
export const SurfacePart = z.object({
  type: z.literal('surface'),
  step,
  /** The tool call that made it; null where no model was asked. */
  callId: z.string().nullable(),
  surfaceId: z.string(),
  messages: z.array(A2uiMessage),
  fallback: z.string(),
})
export type SurfacePart = z.infer<typeof SurfacePart>

/** What a model reads it as. */
export const FileKind = z.enum(['image', 'pdf', 'text'])
export type FileKind = z.infer<typeof FileKind>

/** A file that came with the message; its bytes are asked for by the attachment. */
export const FilePart = z.object({
  type: z.literal('file'),
  step,
  attachmentId: AttachmentId,
  name: z.string(),
  kind: FileKind,
  mime: z.string(),
  sizeBytes: z.number().int(),
  /** Of a picture, in pixels. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  /** Of a PDF. */
  pageCount: z.number().int().nullable(),
  /** About how many a model reads where it is given the text. Null: there is none. */
  textTokens: z.number().int().nullable(),
  /** Left out: the first of its name. */
  version: z.number().int().optional(),
  /** The version before it. */
  replacesId: AttachmentId.nullish(),
})
export type FilePart = z.infer<typeof FilePart>

/** A message is a list of typed parts. */
export const Part = z.discriminatedUnion('type', [TextPart, ReasoningPart, ToolCallPart, SourcePart, NoticePart, SurfacePart, FilePart])
export type Part = z.infer<typeof Part>
export type ToolCallPart = z.infer<typeof ToolCallPart>
export type TextPart = z.infer<typeof TextPart>
export type ReasoningPart = z.infer<typeof ReasoningPart>

export const TurnState = z.enum(['queued', 'running', 'waiting', 'completed', 'stopped', 'failed'])
export type TurnState = z.infer<typeof TurnState>

export const TokenCounts = z.object({
  input: z.number().int(),
  output: z.number().int(),
  reasoning: z.number().int(),
  cacheRead: z.number().int(),
  cacheWrite: z.number().int(),
})
export type TokenCounts = z.infer<typeof TokenCounts>

/** How an answer came about; on the answer's message. */
export const AnswerInfo = z.object({
  turnId: TurnId,
  state: TurnState,
  modelId: ModelId.nullable(),
  modelName: z.string(),
  provider: Provider,
  keyOrigin: KeyOrigin,
  /** Who answered; left out where no agent did. */
  agentId: AgentId.nullish(),
  error: ErrorNotice.nullable(),
  tokens: TokenCounts.nullable(),
  /** Null while running, and when the price of the model is unknown. */
  costNanoUsd: NanoUsd.nullable(),
  latencyMs: z.number().int().nullable(),
})
export type AnswerInfo = z.infer<typeof AnswerInfo>

/** What a person thinks of an answer. */
export const Feedback = z.object({ value: z.enum(['like', 'dislike']), reason: z.string().nullable() })
export type Feedback = z.infer<typeof Feedback>

export const Message = z.object({
  id: MessageId,
  conversationId: ConversationId,
  parentId: MessageId.nullable(),
  role: z.enum(['user', 'assistant', 'system']),
  authorName: z.string(),
  parts: z.array(Part),
  depth: z.number().int(),
  serial: z.number().int(),
  /** All alternatives at this place, oldest first, this one included. */
  siblingIds: z.array(MessageId),
  answer: AnswerInfo.nullable(),
  /** Of whoever asks; nobody sees anybody else's. */
  feedback: Feedback.nullable(),
  /** Stands for everything up to and with this message where a model reads on from here. */
  summary: z.string().nullable(),
  createdAt: Instant,
})
export type Message = z.infer<typeof Message>
