import type { ErrorNotice } from '../../../contract/errors.ts'
import { guardrailLimits, type GuardrailPlace } from '../../../contract/guardrail-choices.ts'
import { guestActor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import { type Checked, type GuardedTurn, type OutputWatch, type Passage, type TurnGuards, withheldWords } from '../turns/index.ts'
import type { GuardrailDeps } from './guardrails-deps.ts'
import { hide, summaryOf } from './kinds/finding.ts'
import type { Asking } from './kinds/judge.ts'
import { longestPersonalData } from './kinds/personal-data.ts'
import { longestOf } from './kinds/words.ts'
import { passagesIn, look } from './look.ts'
import * as store from './store.ts'

type Row = store.GuardrailRow
type Outcome = store.VerdictRow['outcome']

/** Those that know which words they are about: the same text gives the same passages. */
const knowsPassages = ({ kind }: Row): boolean => kind === 'pattern' || kind === 'personal_data'

/** The guardrails of one turn: what it is given and what it says passes here. */
export class GuardedBy implements TurnGuards {
  readonly #deps: GuardrailDeps
  readonly #rows: readonly Row[]
  readonly #turn: GuardedTurn

  constructor(deps: GuardrailDeps, rows: readonly Row[], turn: GuardedTurn) {
    this.#deps = deps
    this.#rows = rows
    this.#turn = turn
  }

  has(place: GuardrailPlace): boolean {
    return this.#at(place).length > 0
  }

  check(place: GuardrailPlace, texts: readonly string[], step: number, signal: AbortSignal): Promise<Checked> {
    return this.#check(this.#at(place), place, texts, step, signal)
  }

  isSlow(place: GuardrailPlace): boolean {
    return this.#at(place).some(({ kind }) => kind === 'judge' || kind === 'topics')
  }

  async hide(place: GuardrailPlace, texts: readonly string[]): Promise<string[]> {
    let hidden = [...texts]
    for (const row of this.#at(place)) {
      const { configuration } = row
      if (configuration.kind !== 'pattern' && configuration.kind !== 'personal_data') continue
      if (row.action === 'warn') continue
      hidden = await Promise.all(
        hidden.map(async (text) => {
          try {
            const found = await passagesIn(this.#deps, configuration, text)
            // What was forbidden when it was said is not read later either.
            return row.action === 'block' && found.length > 0 ? withheldWords : hide(text, found)
          } catch {
            return row.if_fails === 'open' ? text : withheldWords
          }
        }),
      )
    }
    return hidden
  }

  watchOutput(step: number): OutputWatch | null {
    const rows = this.#at('output')
    if (rows.length === 0) return null
    const holdsAll = rows.some((row) => row.action === 'block' && !knowsPassages(row))
    const watched = holdsAll ? [] : rows.filter((row) => row.action !== 'warn')
    const later = rows.filter((row) => !watched.includes(row))
    return {
      holdsAll,
      window: Math.max(0, ...watched.map(longest)),
      find: (text) => this.#find(watched, step, text),
      conclude: async (texts, hidden, signal) => {
        for (const row of watched) {
          const found = hidden.filter(({ guardrailId }) => guardrailId === row.id)
          if (found.length > 0) this.#note(row, 'output', step, row.action === 'block' ? 'blocked' : 'redacted', summaryOf(found))
        }
        return this.#check(later, 'output', texts, step, signal)
      },
    }
  }

  #at(place: GuardrailPlace): Row[] {
    return this.#rows.filter(({ places }) => places.includes(place))
  }

  /** Words first, so that no judge reads what is hidden; judges side by side. */
  async #check(rows: readonly Row[], place: GuardrailPlace, given: readonly string[], step: number, signal: AbortSignal): Promise<Checked> {
    const checked: Checked = { texts: [...given], isRedacted: false, blocked: null, notices: [] }
    const before = place === 'input' && this.#turn.isResumed ? await this.#alreadySaid() : new Map<string, Outcome>()
    for (const row of rows.filter(knowsPassages)) {
      await this.#apply(row, place, step, checked, signal, before)
      if (checked.blocked) return checked
    }
    await Promise.all(rows.filter((row) => !knowsPassages(row)).map((row) => this.#apply(row, place, step, checked, signal, before)))
    return checked
  }

  async #apply(
    row: Row,
    place: GuardrailPlace,
    step: number,
    checked: Checked,
    signal: AbortSignal,
    before: ReadonlyMap<string, Outcome>,
  ): Promise<void> {
    const said = row.kind === 'judge' ? before.get(row.id) : undefined
    if (said === 'passed') return
    if (said === 'blocked' || said === 'warned') return this.#act(row, place, checked)
    try {
      const { isFound, found, findings } = await look(this.#deps, row.configuration, checked.texts, () => this.#asking(), signal)
      if (row.kind === 'judge') {
        // Written down before anybody sees what it was about: it is not asked again after an interruption.
        const outcome = !isFound ? 'passed' : row.action === 'block' ? 'blocked' : 'warned'
        await this.#write(row, place, step, outcome, found)
      } else if (isFound) {
        this.#note(row, place, step, row.action === 'block' ? 'blocked' : row.action === 'redact' ? 'redacted' : 'warned', found)
      }
      if (!isFound) return
      if (row.action === 'redact' && findings) {
        checked.texts = checked.texts.map((text, index) => hide(text, findings[index]!))
        checked.isRedacted = true
      } else this.#act(row, place, checked)
    } catch (error) {
      if (signal.aborted) throw error
      this.#deps.log.warn({ err: error, guardrailId: row.id, turnId: this.#turn.turnId }, 'a guardrail could not look at a text')
      this.#note(row, place, step, 'failed', error instanceof Error ? error.message.slice(0, 200) : 'failed')
      if (row.if_fails === 'closed') this.#act(row, place, checked)
    }
  }

  #act(row: Row, place: GuardrailPlace, checked: Checked): void {
    if (row.action === 'warn') checked.notices.push({ code: 'guardrail.warned', ...wordsOf(row) })
    else checked.blocked ??= blockedBy(row, place)
  }

  async #find(rows: readonly Row[], step: number, text: string): Promise<Passage[]> {
    const passages: Passage[] = []
    for (const row of rows) {
      const { configuration } = row
      if (configuration.kind !== 'pattern' && configuration.kind !== 'personal_data') continue
      try {
        const found = await passagesIn(this.#deps, configuration, text)
        const forbidden = row.action === 'block' ? blockedBy(row, 'output') : null
        for (const { start, end, label } of found) passages.push({ start, end, label, forbidden, guardrailId: row.id })
      } catch (error) {
        this.#deps.log.warn({ err: error, guardrailId: row.id, turnId: this.#turn.turnId }, 'a guardrail could not look at an answer')
        this.#note(row, 'output', step, 'failed', error instanceof Error ? error.message.slice(0, 200) : 'failed')
        if (row.if_fails === 'closed') throw new AppError('guardrail.output_blocked', wordsOf(row))
      }
    }
    return passages.toSorted((a, b) => a.start - b.start)
  }

  async #asking(): Promise<Asking> {
    const { actorId: principalId, apiKeyId, workspaceId, conversationId, answerMessageId, isOfGuest } = this.#turn
    const actor = isOfGuest
      ? guestActor({ kind: 'contact', principalId, name: '', workspaceId })
      : await this.#deps.door.actorFor(principalId, apiKeyId)
    return { actor, workspaceId, conversationId, answerMessageId }
  }

  async #alreadySaid(): Promise<Map<string, Outcome>> {
    const { workspaceId, turnId } = this.#turn
    const rows = await store.listOfTurn(this.#deps.db, { workspaceId, turnId, place: 'input' })
    return new Map(rows.map((row) => [row.guardrail_id, row.outcome]))
  }

  #note(row: Row, place: GuardrailPlace, step: number, outcome: Outcome, found: string): void {
    this.#write(row, place, step, outcome, found).catch((error: unknown) =>
      this.#deps.log.warn({ err: error, guardrailId: row.id }, 'what a guardrail did could not be noted'),
    )
  }

  #write(row: Row, place: GuardrailPlace, step: number, outcome: Outcome, found: string): Promise<void> {
    const { workspaceId, turnId } = this.#turn
    const verdict = { id: newId(), workspace_id: workspaceId, guardrail_id: row.id, turn_id: turnId, place, step, outcome, found }
    return store.insertVerdicts(this.#deps.db, [verdict])
  }
}

/** In the words of whoever made the rule, where they gave some. */
const wordsOf = ({ message }: Row): { detail?: string } => (message === '' ? {} : { detail: message })

const blockedBy = (row: Row, place: GuardrailPlace): ErrorNotice => ({
  code: place === 'input' ? 'guardrail.input_blocked' : 'guardrail.output_blocked',
  ...wordsOf(row),
})

function longest({ configuration }: Row): number {
  if (configuration.kind === 'personal_data') return longestPersonalData
  if (configuration.kind !== 'pattern') return 0
  return Math.max(longestOf(configuration.words) + 1, configuration.expressions.length > 0 ? guardrailLimits.passage : 0)
}
