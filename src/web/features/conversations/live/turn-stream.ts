import type { ErrorNotice } from '../../../../contract/errors.ts'
import type { Part, TokenCounts, TurnState } from '../../../../contract/messages.ts'
import type { TurnEvent, TurnStreamItem } from '../../../../contract/turns.ts'
import { isAfter } from './event-position.ts'

/** An answer as far as its stream has told it. */
export interface Answer {
  state: TurnState
  parts: readonly Part[]
  error: ErrorNotice | null
  tokens: TokenCounts | null
  costNanoUsd: string | null
  latencyMs: number | null
  modelName: string | null
  /** Guardrails look at it, and something waits for them. */
  isChecking: boolean
  /** Position of the last event applied. */
  after: string | undefined
  /** Something between two events is missing: the stream has to be read again from its start. */
  isBroken: boolean
}

export const beginAnswer = (known?: Partial<Answer>): Answer => ({
  state: 'running',
  parts: [],
  error: null,
  tokens: null,
  costNanoUsd: null,
  latencyMs: null,
  modelName: null,
  isChecking: false,
  after: undefined,
  isBroken: false,
  ...known,
})

/** Applies what is new; what was seen before is passed over. Never changes its arguments; parts that did not change stay the same objects. */
export function applyItems(answer: Answer, items: readonly TurnStreamItem[]): Answer {
  let next = answer
  for (const item of items) {
    if (isAfter(item.id, next.after)) next = { ...applyEvent(next, item.event), after: item.id }
  }
  return next
}

export function applyEvent(answer: Answer, event: TurnEvent): Answer {
  if (event.type === 'checking') return { ...answer, isChecking: true }
  const next = change(answer, event)
  return next.isChecking ? { ...next, isChecking: false } : next
}

function change(answer: Answer, event: Exclude<TurnEvent, { type: 'checking' }>): Answer {
  switch (event.type) {
    case 'turn-started':
    case 'turn-continued':
      return { ...answer, state: 'running' }
    case 'turn-resumed':
      return { ...answer, state: 'running', parts: event.parts, isBroken: false }
    case 'snapshot':
      return { ...answer, state: event.state, parts: event.parts, isBroken: false }
    case 'step-started':
      return { ...answer, modelName: event.modelName }
    case 'text-delta':
    case 'reasoning-delta':
      return applyText(answer, event)
    case 'reasoning-end': {
      const part = answer.parts[event.part]
      return part?.type === 'reasoning'
        ? withPart(answer, event.part, { ...part, durationMs: event.durationMs })
        : { ...answer, isBroken: true }
    }
    case 'part':
      return withPart(answer, event.part, event.value)
    case 'tool-progress': {
      const part = answer.parts[event.part]
      return part?.type === 'tool-call'
        ? withPart(answer, event.part, { ...part, progress: event.progress })
        : { ...answer, isBroken: true }
    }
    case 'turn-waiting':
      return { ...answer, state: 'waiting' }
    case 'turn-ended':
      return {
        ...answer,
        state: event.state,
        error: event.error,
        tokens: event.tokens,
        costNanoUsd: event.costNanoUsd,
        latencyMs: event.latencyMs,
      }
  }
}

/** Cut at the offset, then append: the same text twice leaves the same text. */
function applyText(answer: Answer, event: Extract<TurnEvent, { type: 'text-delta' | 'reasoning-delta' }>): Answer {
  const type = event.type === 'text-delta' ? 'text' : 'reasoning'
  const current = answer.parts[event.part]
  const known = current?.type === type ? current.text : ''
  if (event.offset > known.length) return { ...answer, isBroken: true }
  const text = known.slice(0, event.offset) + event.text
  if (type === 'text') return withPart(answer, event.part, { type, step: event.step, text })
  return withPart(answer, event.part, {
    type,
    step: event.step,
    text,
    durationMs: current?.type === 'reasoning' ? current.durationMs : null,
  })
}

function withPart(answer: Answer, index: number, part: Part): Answer {
  if (index > answer.parts.length) return { ...answer, isBroken: true }
  return { ...answer, parts: index === answer.parts.length ? [...answer.parts, part] : answer.parts.with(index, part) }
}
