import type { JSONValue, SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { SurfacePart, ToolCallPart, ToolCallState, ToolProgress } from '../../../contract/messages.ts'
import type { ToolQuestion } from '../../../contract/tool-questions.ts'
import type { TurnEvent } from '../../../contract/turns.ts'
import { beginningOf } from '../../platform/db/index.ts'
import { type StoredPart, withoutMetadata } from '../conversations/index.ts'

type CallChange = {
  state: ToolCallState
  arguments?: ToolCallPart['arguments']
  result?: string | null
  durationMs?: number | null
  whole?: { id: string; length: number }
}

export type Emit = (event: TurnEvent) => void

/**
 * The answer while it is written: each change to its parts is an event, so that whoever applies the events has the same parts. Stream ids of a provider
 * are valid within one call only.
 */
export class AnswerDraft {
  readonly parts: StoredPart[]
  readonly #emit: Emit
  #open = new Map<string, { index: number; startedAt: number }>()
  #isInPieces = false

  constructor(parts: StoredPart[], emit: Emit) {
    this.parts = parts
    this.#emit = emit
  }

  /** Begins a call: text of a call that was interrupted is continued in its own part. `isInPieces`: sentences come as several texts, with what they rest on in between. */
  beginStep(step: number, modelName: string, isInPieces = false): void {
    this.#open.clear()
    this.#isInPieces = isInPieces
    this.#emit({ type: 'step-started', step, modelName })
  }

  text(step: number, id: string, delta: string): void {
    const key = `text:${id}`
    let open = this.#open.get(key)
    if (!open) {
      const index = this.#isInPieces ? this.parts.findLastIndex(({ type }) => type !== 'source') : this.parts.length - 1
      const last = this.parts[index]
      const continues = last?.type === 'text' && last.step === step && (this.#open.size === 0 || this.#isInPieces)
      if (!continues) this.parts.push({ type: 'text', step, text: '' })
      open = { index: continues ? index : this.parts.length - 1, startedAt: 0 }
      this.#open.set(key, open)
    }
    const part = this.parts[open.index]
    if (part?.type !== 'text' || delta === '') return
    this.#emit({ type: 'text-delta', part: open.index, step, offset: part.text.length, text: delta })
    part.text += delta
  }

  reasoning(step: number, id: string, delta: string, nowMs: number): void {
    const key = `reasoning:${id}`
    let open = this.#open.get(key)
    if (!open) {
      this.parts.push({ type: 'reasoning', step, text: '', durationMs: null })
      open = { index: this.parts.length - 1, startedAt: nowMs }
      this.#open.set(key, open)
    }
    const part = this.parts[open.index]
    if (part?.type !== 'reasoning') return
    // The first event makes the part exist for followers, even where the provider shows no text of it.
    if (delta !== '' || part.text === '')
      this.#emit({ type: 'reasoning-delta', part: open.index, step, offset: part.text.length, text: delta })
    part.text += delta
  }

  endText(id: string, metadata: SharedV4ProviderMetadata | undefined): void {
    this.#keepMetadata(`text:${id}`, metadata)
  }

  endReasoning(id: string, metadata: SharedV4ProviderMetadata | undefined, nowMs: number): void {
    const open = this.#open.get(`reasoning:${id}`)
    this.#keepMetadata(`reasoning:${id}`, metadata)
    const part = open && this.parts[open.index]
    if (!open || part?.type !== 'reasoning' || part.durationMs !== null) return
    part.durationMs = Math.max(0, Math.round(nowMs - open.startedAt))
    this.#emit({ type: 'reasoning-end', part: open.index, durationMs: part.durationMs })
  }

  /** Providers send metadata of a block with any of its events; a signature comes with a delta or with the end. */
  keepMetadata(kind: 'text' | 'reasoning', id: string, metadata: SharedV4ProviderMetadata | undefined): void {
    this.#keepMetadata(`${kind}:${id}`, metadata)
  }

  #keepMetadata(key: string, metadata: SharedV4ProviderMetadata | undefined): void {
    const open = this.#open.get(key)
    const part = open && this.parts[open.index]
    if (!part || !metadata) return
    const kept: SharedV4ProviderMetadata = { ...part.providerMetadata }
    for (const [provider, values] of Object.entries(metadata)) kept[provider] = { ...kept[provider], ...values }
    part.providerMetadata = kept
  }

  /** Ends what the call left open: a call that broke off has no end events. */
  endStep(nowMs: number): void {
    for (const [key] of this.#open) if (key.startsWith('reasoning:')) this.endReasoning(key.slice('reasoning:'.length), undefined, nowMs)
  }

  add(part: StoredPart): void {
    this.parts.push(part)
    this.#emitPart(this.parts.length - 1)
  }

  /** Adds the surface of a tool call, or puts it in the place of the one that the call has: a call may run again after an interruption. */
  show(surface: SurfacePart): void {
    const known = this.parts.findIndex((part) => part.type === 'surface' && part.callId === surface.callId && part.step === surface.step)
    if (known < 0) return this.add(surface)
    this.parts[known] = surface
    this.#emitPart(known)
  }

  /** A place that the answer rests on: named once. */
  cite(step: number, url: string, title: string | null): void {
    if (!this.parts.some((part) => part.type === 'source' && part.url === url)) this.add({ type: 'source', step, url, title })
  }

  /** What a provider found, for it alone: shown to nobody. */
  keepProvided(callId: string, step: number, result: JSONValue, metadata: SharedV4ProviderMetadata | undefined): void {
    const part = this.parts.find((one) => one.type === 'tool-call' && one.callId === callId && one.step === step)
    if (part) part.provided = { result, ...(metadata && { metadata }) }
  }

  /** Changes a tool call's part. */
  updateCall(callId: string, step: number, change: CallChange): void {
    const index = this.parts.findIndex((part) => part.type === 'tool-call' && part.callId === callId && part.step === step)
    const part = this.parts[index]
    if (part?.type !== 'tool-call') return
    Object.assign(part, change)
    delete part.progress
    this.#emitPart(index)
  }

  /** How far a call is that runs. */
  progress(callId: string, step: number, progress: ToolProgress): void {
    const index = this.parts.findIndex((part) => part.type === 'tool-call' && part.callId === callId && part.step === step)
    const part = this.parts[index]
    if (part?.type !== 'tool-call' || part.state !== 'running') return
    part.progress = progress
    this.#emit({ type: 'tool-progress', part: index, progress })
  }

  /** What a call that runs asks, or what became of it. */
  question(callId: string, step: number, question: ToolQuestion): void {
    const index = this.parts.findIndex((part) => part.type === 'tool-call' && part.callId === callId && part.step === step)
    const part = this.parts[index]
    if (part?.type !== 'tool-call') return
    const known = part.questions ?? []
    const isKnown = known.some(({ id }) => id === question.id)
    part.questions = isKnown ? known.map((one) => (one.id === question.id ? question : one)) : [...known, question]
    this.#emitPart(index)
  }

  #emitPart(index: number): void {
    this.#emit({ type: 'part', part: index, value: withoutMetadata(this.parts[index]!) })
  }

  preview(): string | null {
    const text = this.parts.findLast((part) => part.type === 'text')
    return text?.type === 'text' && text.text.trim() ? beginningOf(text.text.trim(), 200).replaceAll(/\s+/g, ' ') : null
  }
}

/** Joins text events of one part that follow each other. */
export function mergeTurnEvents(earlier: TurnEvent, later: TurnEvent): TurnEvent | undefined {
  if (
    (later.type === 'text-delta' || later.type === 'reasoning-delta') &&
    earlier.type === later.type &&
    earlier.part === later.part &&
    earlier.offset + earlier.text.length === later.offset
  ) {
    return { ...earlier, text: earlier.text + later.text }
  }
  if (later.type === 'tool-progress' && earlier.type === 'tool-progress' && earlier.part === later.part) return later
  return undefined
}

export function sizeOfTurnEvent(event: TurnEvent): number {
  if (event.type === 'text-delta' || event.type === 'reasoning-delta') return 80 + event.text.length * 2
  if (event.type !== 'part') return 500
  if (event.value.type === 'tool-call') {
    const { result, questions } = event.value
    return 500 + (result?.length ?? 0) * 2 + (questions ? JSON.stringify(questions).length : 0)
  }
  return event.value.type === 'surface' ? JSON.stringify(event.value).length : 500
}

/** The parts after these events, as any client computes them. Unknown positions are filled in order. */
export function applyTurnEvents(parts: StoredPart[], events: readonly TurnEvent[]): StoredPart[] {
  for (const event of events) {
    if (event.type === 'turn-resumed' || event.type === 'snapshot') parts = event.parts.map((part) => ({ ...part }))
    else if (event.type === 'text-delta' || event.type === 'reasoning-delta') {
      const type = event.type === 'text-delta' ? 'text' : 'reasoning'
      const part = parts[event.part]
      if (part?.type === type) part.text = part.text.slice(0, event.offset) + event.text
      else if (type === 'text') parts[event.part] = { type, step: event.step, text: event.text }
      else parts[event.part] = { type, step: event.step, text: event.text, durationMs: null }
    } else if (event.type === 'reasoning-end') {
      const part = parts[event.part]
      if (part?.type === 'reasoning') part.durationMs = event.durationMs
    } else if (event.type === 'tool-progress') {
      const part = parts[event.part]
      if (part?.type === 'tool-call') part.progress = event.progress
    } else if (event.type === 'part') parts[event.part] = { ...event.value }
  }
  return parts
}
