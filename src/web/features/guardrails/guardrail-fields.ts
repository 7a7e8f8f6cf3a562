import {
  canRedact,
  type GuardrailAction,
  type GuardrailKind,
  guardrailLimits as limits,
  type GuardrailPlace,
  type PersonalDataKind,
} from '../../../contract/guardrail-choices.ts'
import type { Guardrail, GuardrailConfiguration } from '../../../contract/guardrails.ts'
import type { ModelId } from '../../../contract/ids.ts'
import { g } from './strings.ts'

/** A guardrail as its form has it, of whatever kind: numbers as they are typed, lists as lines. */
export interface GuardrailFields {
  kind: GuardrailKind
  name: string
  words: string
  expressions: string
  isCaseSensitive: boolean
  finds: PersonalDataKind[]
  max: string
  unit: 'characters' | 'tokens'
  topics: string
  threshold: string
  modelId: ModelId | null
  question: string
  timeout: string
  places: GuardrailPlace[]
  action: GuardrailAction
  ifFails: 'closed' | 'open'
  message: string
  appliesTo: 'everything' | 'agents'
  isEnabled: boolean
}

export const noFields: GuardrailFields = {
  kind: 'personal_data',
  name: '',
  words: '',
  expressions: '',
  isCaseSensitive: false,
  finds: ['email', 'phone', 'iban', 'card'],
  max: '10000',
  unit: 'characters',
  topics: '',
  threshold: '0.55',
  modelId: null,
  question: '',
  timeout: '15',
  places: ['input'],
  action: 'warn',
  ifFails: 'open',
  message: '',
  appliesTo: 'everything',
  isEnabled: true,
}

export function fieldsOf({
  configuration,
  kind,
  name,
  places,
  action,
  ifFails,
  message,
  appliesTo,
  isEnabled,
}: Guardrail): GuardrailFields {
  return { ...noFields, ...ofConfiguration(configuration), kind, name, places, action, ifFails, message, appliesTo, isEnabled }
}

function ofConfiguration(given: GuardrailConfiguration): Partial<GuardrailFields> {
  switch (given.kind) {
    case 'pattern':
      return { words: given.words.join('\n'), expressions: given.expressions.join('\n'), isCaseSensitive: given.isCaseSensitive }
    case 'personal_data':
      return { finds: given.finds }
    case 'length':
      return { max: String(given.max), unit: given.unit }
    case 'topics':
      return {
        topics: given.topics.flatMap(({ name, examples }) => examples.map((example) => `${name}: ${example}`)).join('\n'),
        threshold: String(given.threshold),
      }
    case 'judge':
      return { modelId: given.modelId, question: given.question, timeout: String(given.timeoutSeconds) }
  }
}

const lines = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
]
const number = (text: string): number => Number(text.trim().replace(',', '.'))

function topicsOf(text: string): { name: string; examples: string[] }[] {
  const topics = new Map<string, string[]>()
  for (const line of lines(text)) {
    const [, name = '', example = ''] = /^([^:]+):(.+)$/.exec(line) ?? []
    topics.set(name.trim(), [...(topics.get(name.trim()) ?? []), example.trim()])
  }
  return [...topics].map(([name, examples]) => ({ name, examples }))
}

/** As the server takes it; asked for once the fields are right. */
export function configurationOf(fields: GuardrailFields): GuardrailConfiguration {
  const { kind, words, expressions, isCaseSensitive, finds, unit, question, modelId } = fields
  switch (kind) {
    case 'pattern':
      return { kind, words: lines(words), expressions: lines(expressions), isCaseSensitive }
    case 'personal_data':
      return { kind, finds }
    case 'length':
      return { kind, max: number(fields.max), unit }
    case 'topics':
      return { kind, topics: topicsOf(fields.topics), threshold: number(fields.threshold) }
    case 'judge':
      return { kind, modelId: modelId!, question: question.trim(), timeoutSeconds: number(fields.timeout) }
  }
}

export function inputOf(fields: GuardrailFields) {
  const { name, places, ifFails, message, appliesTo, isEnabled } = fields
  return { name, places, action: actionOf(fields), ifFails, message, appliesTo, isEnabled, configuration: configurationOf(fields) }
}

/** Another kind may have been chosen since. */
export const actionOf = ({ kind, action }: GuardrailFields): GuardrailAction => (action === 'redact' && !canRedact(kind) ? 'block' : action)

type Wrong = Partial<Record<keyof GuardrailFields, string>>

export function checkFields(fields: GuardrailFields): Wrong {
  return {
    ...checkConfiguration(fields),
    ...(fields.name.trim() === '' && { name: g('name.missing') }),
    ...(fields.places.length === 0 && { places: g('places.missing') }),
  }
}

/** What a rule looks for, apart from where and what it does then. */
export function checkConfiguration(fields: GuardrailFields): Wrong {
  const isWhole = (text: string, to: number) => Number.isInteger(number(text)) && number(text) >= 1 && number(text) <= to
  switch (fields.kind) {
    case 'pattern': {
      if (lines(fields.words).length + lines(fields.expressions).length === 0) return { words: g('words.missing') }
      const wrong = lines(fields.expressions).find((expression) => !isExpression(expression))
      return wrong === undefined ? {} : { expressions: g('expressions.wrong', { expression: wrong }) }
    }
    case 'personal_data':
      return fields.finds.length === 0 ? { finds: g('finds.missing') } : {}
    case 'length':
      return isWhole(fields.max, 10_000_000) ? {} : { max: g('max.wrong') }
    case 'topics': {
      const wrong: Wrong = {}
      const bad = lines(fields.topics).find((line) => !/^[^:]{1,60}:\s*\S/.test(line))
      if (lines(fields.topics).length === 0) wrong.topics = g('topics.missing')
      else if (bad !== undefined) wrong.topics = g('topics.wrong', { line: bad })
      if (!(number(fields.threshold) >= 0.1 && number(fields.threshold) <= 0.99)) wrong.threshold = g('threshold.wrong')
      return wrong
    }
    case 'judge':
      return {
        ...(fields.modelId === null && { modelId: g('model.missing') }),
        ...(fields.question.trim() === '' && { question: g('question.missing') }),
        ...(!isWhole(fields.timeout, limits.timeoutSeconds) && { timeout: g('timeout.wrong') }),
      }
  }
}

function isExpression(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp
  } catch {
    return false
  }
}
