import type { LanguageModelV4StreamPart as StreamPart, SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { ErrorNotice } from '../../../contract/errors.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { OutputWatch, Passage } from './guards.ts'
import { HeldText } from './held-text.ts'
import { searchTextsOf, withSearchTexts } from './provider-calls.ts'
import { textsOf, withTexts } from './texts-of.ts'

type Written = Extract<StreamPart, { type: 'text-delta' | 'reasoning-delta' }>
type Ended = Extract<StreamPart, { type: 'text-end' | 'reasoning-end' }>

interface Stretch {
  kind: 'text' | 'reasoning'
  id: string
  held: HeldText
  written: string
  shown: string
  metadata: SharedV4ProviderMetadata
}

/**
 * Between a model's stream and everybody who sees it. What a model writes, thinks and calls tools with goes on once guardrails have looked at it: behind a window,
 * or as a whole where only the whole can be judged.
 */
export class OutputGate {
  readonly #watch: OutputWatch
  readonly #onHold: () => void
  #before: string
  readonly #stretches = new Map<string, Stretch>()
  #kept: StreamPart[] = []
  readonly #hidden: Passage[] = []
  #isHolding = false
  #isOver = false
  /** Of calls that were not passed on. */
  #unseenInput = 0
  /** Why the answer ends here. */
  blocked: AppError | undefined
  notices: readonly ErrorNotice[] = []

  /** `before`: what its text goes on with. `onHold` is called when something is held until its end. */
  constructor(watch: OutputWatch, before: string, onHold: () => void) {
    this.#watch = watch
    this.#before = before
    this.#onHold = onHold
  }

  /** Characters that the model wrote and nobody was shown. */
  get unseenLength(): number {
    let length = this.#unseenInput
    for (const { written, shown } of this.#stretches.values()) length += Math.max(0, written.length - shown.length)
    return length
  }

  /** What may be shown now. Nothing more comes once `blocked` is set. */
  async push(part: StreamPart): Promise<StreamPart[]> {
    if (this.blocked) return []
    if (this.#watch.holdsAll) return this.#keep(part)
    try {
      return await this.#pass(part)
    } catch (error) {
      this.#block(error)
      return []
    }
  }

  /** After the last part. What a person has stopped is shown as far as it was looked at. */
  async end(signal: AbortSignal): Promise<StreamPart[]> {
    if (this.#isOver) return []
    this.#isOver = true
    const shown: StreamPart[] = []
    try {
      if (this.#watch.holdsAll) return signal.aborted ? [] : await this.#judge(signal)
      if (!this.blocked) shown.push(...(await this.#flush()))
      const texts = this.blocked || signal.aborted ? [] : this.#texts()
      if (texts.length > 0 || this.#hidden.length > 0) this.notices = (await this.#watch.conclude(texts, this.#hidden, signal)).notices
    } catch (error) {
      if (!signal.aborted) this.#block(error)
    }
    return shown
  }

  async #pass(part: StreamPart): Promise<StreamPart[]> {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start': {
        const stretch = this.#stretch(part.type === 'text-start' ? 'text' : 'reasoning', part.id)
        return [withoutMetadata(part, stretch)]
      }
      case 'text-delta':
      case 'reasoning-delta':
        return this.#write(part)
      case 'text-end':
      case 'reasoning-end':
        return this.#endStretch(part)
      case 'tool-input-start':
      case 'tool-input-delta':
      case 'tool-input-end':
        // Arguments are looked at whole.
        return []
      case 'tool-call': {
        const before = await this.#flush()
        const input = this.blocked ? undefined : await this.#hideIn(part.input)
        if (input === undefined) this.#unseenInput += part.input.length
        return input === undefined ? before : [...before, { ...part, input }]
      }
      case 'source': {
        const found = part.sourceType === 'url' ? await this.#watch.find(`${part.title ?? ''}\n${part.url}`) : []
        this.#hidden.push(...found)
        return found.length > 0 ? [] : [part]
      }
      case 'tool-result':
      case 'finish': {
        const before = part.type === 'finish' ? await this.#flush() : []
        const texts = this.blocked ? undefined : await this.#hideAll(searchTextsOf(part))
        return texts ? [...before, withSearchTexts(part, texts)] : before
      }
      default:
        return [part]
    }
  }

  async #write(part: Written): Promise<StreamPart[]> {
    const stretch = this.#stretch(part.type === 'text-delta' ? 'text' : 'reasoning', part.id)
    stretch.written += part.delta
    keepMetadata(stretch, part.providerMetadata)
    const delta = await stretch.held.push(part.delta)
    this.#see(stretch, delta)
    return delta === '' ? [] : [{ type: part.type, id: part.id, delta }]
  }

  async #endStretch(part: Ended): Promise<StreamPart[]> {
    const stretch = this.#stretch(part.type === 'text-end' ? 'text' : 'reasoning', part.id)
    keepMetadata(stretch, part.providerMetadata)
    const rest = await this.#rest(stretch)
    return this.blocked ? rest : [...rest, { type: part.type, id: part.id, ...metadataOf(stretch) }]
  }

  async #rest(stretch: Stretch): Promise<StreamPart[]> {
    const delta = await stretch.held.end()
    this.#see(stretch, delta)
    return delta === '' ? [] : [{ type: `${stretch.kind}-delta`, id: stretch.id, delta }]
  }

  async #flush(): Promise<StreamPart[]> {
    const parts: StreamPart[] = []
    for (const stretch of this.#stretches.values()) {
      if (this.blocked) break
      parts.push(...(await this.#rest(stretch)))
    }
    return parts
  }

  #see(stretch: Stretch, delta: string): void {
    stretch.shown += delta
    this.#hidden.push(...stretch.held.hidden.splice(0))
    const forbidden = stretch.held.forbidden?.forbidden
    if (forbidden) this.#block(new AppError(forbidden.code, forbidden.detail === undefined ? {} : { detail: forbidden.detail }))
  }

  /** Arguments with what is to be hidden in them hidden; undefined where they may not go on. */
  async #hideIn(input: string): Promise<string | undefined> {
    const value = parsed(input)
    const before = textsOf(value)
    const texts = await this.#hideAll(before)
    if (!texts) return undefined
    // What nothing was found in stays as the model wrote it.
    if (texts.every((text, index) => text === before[index])) return input
    return typeof value === 'string' ? texts[0] : JSON.stringify(withTexts(value, texts))
  }

  async #hideAll(given: readonly string[]): Promise<string[] | undefined> {
    const texts: string[] = []
    for (const text of given) {
      const held = new HeldText(this.#watch.window, this.#watch.find)
      const shown = (await held.push(text)) + (await held.end())
      this.#hidden.push(...held.hidden)
      const forbidden = held.forbidden?.forbidden
      if (forbidden) {
        this.#block(new AppError(forbidden.code, forbidden.detail === undefined ? {} : { detail: forbidden.detail }))
        return undefined
      }
      texts.push(shown)
    }
    return texts
  }

  #keep(part: StreamPart): StreamPart[] {
    if (part.type === 'stream-start' || part.type === 'response-metadata' || part.type === 'error' || part.type === 'raw') return [part]
    if (!this.#isHolding) {
      this.#isHolding = true
      this.#onHold()
    }
    if (part.type === 'text-delta' || part.type === 'reasoning-delta')
      this.#stretch(part.type === 'text-delta' ? 'text' : 'reasoning', part.id).written += part.delta
    if (!part.type.startsWith('tool-input')) this.#kept.push(part)
    return []
  }

  /** All that was written, as one: the words, the arguments of calls, the titles of sources. */
  async #judge(signal: AbortSignal): Promise<StreamPart[]> {
    const stretches = [...this.#stretches.values()]
    const calls = this.#kept.filter((part) => part.type === 'tool-call').map((part) => ({ part, texts: textsOf(parsed(part.input)) }))
    const sources = this.#kept.flatMap((part) =>
      part.type === 'source' && part.sourceType === 'url' ? [`${part.title ?? ''}\n${part.url}`] : [],
    )
    const searches = this.#kept.map((part) => ({ part, texts: searchTextsOf(part) })).filter((search) => search.texts.length > 0)
    const texts = [...stretches.map(({ written }) => written), ...calls.flatMap((call) => call.texts), ...sources]
    texts.push(...searches.flatMap((search) => search.texts))
    const checked = await this.#watch.conclude(texts, [], signal)
    this.notices = checked.notices
    if (checked.blocked) {
      this.#block(new AppError(checked.blocked.code, checked.blocked.detail === undefined ? {} : { detail: checked.blocked.detail }))
      return []
    }
    const after = [...checked.texts]
    for (const stretch of stretches) stretch.shown = after.shift() ?? ''
    const inputs = new Map(calls.map(({ part, texts: own }) => [part, withTexts(parsed(part.input), after.splice(0, own.length))] as const))
    const shownSources = after.splice(0, sources.length)
    const found = new Map(searches.map(({ part, texts: own }) => [part, withSearchTexts(part, after.splice(0, own.length))] as const))
    const told = new Set<Stretch>()
    return this.#kept.flatMap((part): StreamPart[] => {
      if (part.type === 'tool-call') {
        const input = inputs.get(part)
        return [{ ...part, input: typeof input === 'string' ? input : JSON.stringify(input) }]
      }
      if (part.type === 'source' && part.sourceType === 'url')
        return shownSources.shift() === `${part.title ?? ''}\n${part.url}` ? [part] : []
      if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
        const stretch = this.#stretch(part.type === 'text-delta' ? 'text' : 'reasoning', part.id)
        keepMetadata(stretch, part.providerMetadata)
        if (told.has(stretch)) return []
        told.add(stretch)
        return [{ type: part.type, id: part.id, delta: stretch.shown }]
      }
      if (part.type === 'text-end' || part.type === 'reasoning-end') {
        const stretch = this.#stretch(part.type === 'text-end' ? 'text' : 'reasoning', part.id)
        keepMetadata(stretch, part.providerMetadata)
        return [{ type: part.type, id: part.id, ...(stretch.shown === stretch.written ? { providerMetadata: stretch.metadata } : {}) }]
      }
      if (part.type === 'text-start' || part.type === 'reasoning-start')
        return [withoutMetadata(part, this.#stretch(part.type === 'text-start' ? 'text' : 'reasoning', part.id))]
      return [found.get(part) ?? part]
    })
  }

  #texts(): string[] {
    return [...this.#stretches.values()].map(({ shown }) => shown)
  }

  #stretch(kind: Stretch['kind'], id: string): Stretch {
    const key = `${kind}:${id}`
    let stretch = this.#stretches.get(key)
    if (!stretch) {
      const before = kind === 'text' ? this.#before : ''
      if (kind === 'text') this.#before = ''
      stretch = { kind, id, held: new HeldText(this.#watch.window, this.#watch.find, before), written: '', shown: '', metadata: {} }
      this.#stretches.set(key, stretch)
    }
    return stretch
  }

  #block(error: unknown): void {
    this.blocked ??= error instanceof AppError ? error : new AppError('guardrail.output_blocked', { cause: error })
  }
}

/** A signature is of the words as they were: it goes on with the end, if they are still the same. */
function metadataOf({ held, metadata, written, shown }: Stretch): { providerMetadata?: SharedV4ProviderMetadata } {
  return written === shown && !held.forbidden && Object.keys(metadata).length > 0 ? { providerMetadata: metadata } : {}
}

function keepMetadata(stretch: Stretch, given: SharedV4ProviderMetadata | undefined): void {
  for (const [provider, values] of Object.entries(given ?? {})) stretch.metadata[provider] = { ...stretch.metadata[provider], ...values }
}

function withoutMetadata<Part extends { providerMetadata?: SharedV4ProviderMetadata }>(part: Part, stretch: Stretch): Part {
  keepMetadata(stretch, part.providerMetadata)
  const { providerMetadata: _, ...rest } = part
  return rest as Part
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input || '{}')
  } catch {
    return input
  }
}
