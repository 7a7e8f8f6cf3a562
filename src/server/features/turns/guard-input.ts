import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { ErrorNotice } from '../../../contract/errors.ts'
import { type TurnGuards, withheldResult, withheldWords } from './guards.ts'
import type { RunParts } from './run-parts.ts'

/** Looks at what a person sent before a model reads it. Answers why the model is not asked at all; null where it is. */
export async function guardInput(run: RunParts, guards: TurnGuards): Promise<ErrorNotice | null> {
  const { job, stream } = run
  const isCaller = job.caller !== undefined
  if (!guards.has('input') && !(isCaller && guards.has('tool_results'))) return null
  if (guards.isSlow('input')) stream.append({ type: 'checking', place: 'input' })
  return isCaller ? guardCaller(run, guards) : guardQuestion(run, guards)
}

/** What the person wrote stays as it is; what models read in its place is kept beside it, for later turns too. */
async function guardQuestion({ ports, job, draft, control }: RunParts, guards: TurnGuards): Promise<ErrorNotice | null> {
  const { words, files } = await ports.question(job)
  // Withheld before, and tried again: its own words are nothing that a model may read.
  if (words === withheldWords) return { code: 'guardrail.input_blocked' }
  const { texts, isRedacted, blocked, notices } = await guards.check('input', [words, ...files], 0, control.signal)
  const [redacted = ''] = texts
  const read = blocked ? withheldWords : redacted
  if (job.userMessageId && read !== words) await ports.setReadAs(job, read)
  if (blocked) return blocked
  const step = job.firstStep
  if (isRedacted && redacted !== words) draft.add({ type: 'notice', step, notice: { code: 'guardrail.input_redacted' } })
  for (const notice of notices) draft.add({ type: 'notice', step, notice })
  return null
}

/** The caller brings the whole conversation along: its end is looked at, and in all of it is hidden what is to be hidden. */
async function guardCaller({ ports, job, draft, control }: RunParts, guards: TurnGuards): Promise<ErrorNotice | null> {
  const caller = job.caller!
  const prompt = structuredClone(caller.prompt)
  const asked = prompt.findLastIndex(({ role }) => role === 'user')
  const inputs = placesOf(prompt, 'user')
  const results = placesOf(prompt, 'tool')
  const textsOf = (places: readonly Place[]) => places.map(({ text }) => text)

  const isNow = ({ message }: Place) => message >= asked
  const now = inputs.filter(isNow)
  const checked = await guards.check('input', textsOf(now), 0, control.signal)
  if (checked.blocked) {
    if (job.userMessageId) await ports.setReadAs(job, withheldWords)
    return checked.blocked
  }
  checked.texts.forEach((text, index) => now[index]!.set(text))
  const before = inputs.filter((place) => !isNow(place))
  const hidden = await guards.hide('input', textsOf(before))
  hidden.forEach((text, index) => before[index]!.set(text))
  if (job.userMessageId && checked.isRedacted) await ports.setReadAs(job, checked.texts.join('\n'))

  const fresh = results.filter(isNow)
  if (fresh.length > 0) {
    const said = await guards.check('tool_results', textsOf(fresh), 0, control.signal)
    fresh.forEach((place, index) => place.set(said.blocked ? withheldResult : said.texts[index]!))
    checked.notices.push(...said.notices)
  }
  const old = results.filter((place) => !isNow(place))
  const hiddenResults = await guards.hide('tool_results', textsOf(old))
  hiddenResults.forEach((text, index) => old[index]!.set(text))

  job.caller = { ...caller, prompt }
  if (job.conversationId) for (const notice of checked.notices) draft.add({ type: 'notice', step: job.firstStep, notice })
  return null
}

interface Place {
  message: number
  text: string
  set(text: string): void
}

function placesOf(prompt: LanguageModelV4Prompt, role: 'user' | 'tool'): Place[] {
  return prompt.flatMap((message, index): Place[] => {
    if (message.role !== role) return []
    if (message.role === 'user')
      return message.content.flatMap((part) =>
        part.type === 'text' ? [{ message: index, text: part.text, set: (text: string) => void (part.text = text) }] : [],
      )
    return message.content.flatMap((part) => {
      if (part.type !== 'tool-result') return []
      const { output } = part
      if (output.type !== 'text' && output.type !== 'error-text') return []
      return [{ message: index, text: output.value, set: (text: string) => void (output.value = text) }]
    })
  })
}
