import type { ErrorCode, ErrorNotice } from '../../../contract/errors.ts'
import type { GuardrailPlace } from '../../../contract/guardrail-choices.ts'

/** What became of texts that were looked at. */
export interface Checked {
  /** The same texts, with what is hidden in them hidden. */
  texts: string[]
  isRedacted: boolean
  /** Why they go no further. */
  blocked: ErrorNotice | null
  /** What a person is told beside them. */
  notices: ErrorNotice[]
}

/** A passage of an answer that is not shown; where it is forbidden the answer ends there. */
export interface Passage {
  start: number
  end: number
  label: string
  /** Of the guardrail that found it. */
  guardrailId: string
  forbidden: ErrorNotice | null
}

/** How one model call's output is looked at. */
export interface OutputWatch {
  /** Nothing is shown before all of it was looked at. */
  holdsAll: boolean
  /** The longest passage that is found while it is written: so much of the end is held back. 0: nothing is. */
  window: number
  /** In their order, none over another. Throws a notice's `AppError` where it cannot be looked at and must not be shown. */
  find(text: string): Promise<Passage[]>
  /** After the last of it: looks at the whole, which is the last word where all was held, and notes what was done, `hidden` before included. */
  conclude(texts: readonly string[], hidden: readonly Passage[], signal: AbortSignal): Promise<Checked>
}

/** Whose they are. */
export interface GuardedTurn {
  workspaceId: string
  actorId: string
  apiKeyId: string | null
  turnId: string
  conversationId: string | null
  answerMessageId: string | null
  isOfGuest: boolean
  /** It may have been looked at before, by a process that died. */
  isResumed: boolean
}

/** The guardrails of one turn. */
export interface TurnGuards {
  has(place: GuardrailPlace): boolean
  /** Somebody who waits for it is told. */
  isSlow(place: GuardrailPlace): boolean
  check(place: GuardrailPlace, texts: readonly string[], step: number, signal: AbortSignal): Promise<Checked>
  /** What is to be hidden in what a model reads again, each time that it does: the words of files, what a caller brings along of before. */
  hide(place: GuardrailPlace, texts: readonly string[]): Promise<string[]>
  /** Null where nothing looks at output. */
  watchOutput(step: number): OutputWatch | null
}

export const isGuardrailBlock = (code: ErrorCode): code is 'guardrail.input_blocked' | 'guardrail.output_blocked' =>
  code === 'guardrail.input_blocked' || code === 'guardrail.output_blocked'

/** What a model reads in the place of a message that was kept from it. */
export const withheldWords = '[This message was withheld by a guardrail.]'
export const withheldResult =
  'The result was withheld by a guardrail of this workspace. Go on without it, and do not try to get it in another way.'
