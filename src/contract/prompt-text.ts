// How a prompt is read: `{{name}}`. Without schemas, so that the web app shows at once what the server will derive. Nothing is ever evaluated: a value that
// looks like a variable is text.

export const maxPromptLength = 100_000
export const maxPromptNameLength = 100
/** Of a file with prompts, in characters. */
export const maxPromptFileLength = 4_000_000

/** As they are written: `{{name (number)}}`. A text is the one that need not be said; a default with `|` is a choice. */
const typeNames = { text: 'text', 'long text': 'long', number: 'number', date: 'date', 'yes/no': 'yes-no', choice: 'choice' } as const
export type VariableType = (typeof typeNames)[keyof typeof typeNames]
export const variableTypes = Object.values(typeNames)

export interface PromptVariable {
  name: string
  /** `choice`: one of the options, of which the first is the default. `yes-no`: `yes` or `no`. `date`: `2026-03-01`. */
  type: VariableType
  description: string | null
  /** Null: has to be filled in. Empty: may be left out. */
  default: string | null
  /** Of a choice. */
  options: string[]
}

export type PromptPiece = { kind: 'text'; text: string } | { kind: 'variable'; name: string }

/** Filled in without asking. */
export const builtInVariables = ['date', 'time', 'weekday', 'user', 'locale', 'timezone', 'memory'] as const
export type BuiltInVariable = (typeof builtInVariables)[number]
const isBuiltIn = (name: string): name is BuiltInVariable => (builtInVariables as readonly string[]).includes(name)

// `{{name}}`, `{{name (number)}}`, `{{name: what it is}}`, `{{name = default}}`, `{{name = one | two}}`, and all of it together. `\{{` is two braces.
// No braces inside: a text full of beginnings would be read again from each.
const token =
  /\\\{\{|\{\{[ \t]*([\p{L}_][\p{L}\p{N}_-]{0,49})[ \t]*(?:\((long text|text|number|date|yes\/no|choice)\)[ \t]*)?(?::([^=\n{}]{0,500}))?(?:=([^\n{}]{0,2000}))?\}\}/gu

interface Read {
  pieces: PromptPiece[]
  variables: PromptVariable[]
}

/** What a text is made of. What looks like a variable and is none stays as it stands. */
export function readPrompt(text: string): Read {
  const pieces: PromptPiece[] = []
  const said = new Map<string, Said>()
  let plain = ''
  let end = 0
  for (const match of text.matchAll(token)) {
    plain += text.slice(end, match.index)
    end = match.index + match[0].length
    const [, name, type, description, value] = match
    if (name === undefined) {
      plain += '{{'
      continue
    }
    if (plain !== '') pieces.push({ kind: 'text', text: plain })
    plain = ''
    pieces.push({ kind: 'variable', name })
    if (!isBuiltIn(name)) said.set(name, joined(said.get(name), { type: typeOf(type), description, value }))
  }
  plain += text.slice(end)
  if (plain !== '') pieces.push({ kind: 'text', text: plain })
  return { pieces, variables: [...said].map(([name, one]) => variableOf(name, one)) }
}

/** The variables that are asked for, in the order in which they first stand there. */
export const variablesOf = (text: string): PromptVariable[] => readPrompt(text).variables

/** The text with its values; one that is not given is its default, or nothing. */
export function fillPrompt(
  text: string,
  values: Readonly<Record<string, string>>,
  builtIn: Readonly<Record<BuiltInVariable, string>>,
): string {
  const { pieces, variables } = readPrompt(text)
  const defaults = new Map(variables.map((variable) => [variable.name, variable.default ?? '']))
  const valueOf = (name: string) => (isBuiltIn(name) ? builtIn[name] : (given(values, name) ?? defaults.get(name) ?? ''))
  return pieces.map((piece) => (piece.kind === 'text' ? piece.text : valueOf(piece.name))).join('')
}

export type ValueProblem = 'missing' | 'number' | 'date' | 'choice'

/** What is wrong with the values that somebody filled in, by name. */
export function problemsOf(variables: readonly PromptVariable[], values: Readonly<Record<string, string>>): Map<string, ValueProblem> {
  const problems = new Map<string, ValueProblem>()
  for (const one of variables) {
    const problem = problemOf(one, (given(values, one.name) ?? one.default ?? '').trim())
    if (problem) problems.set(one.name, problem)
  }
  return problems
}

function problemOf({ type, default: otherwise, options }: PromptVariable, value: string): ValueProblem | null {
  if (value === '') return otherwise === null ? 'missing' : null
  if (type === 'number') return isNumber(value) ? null : 'number'
  if (type === 'date') return isDate(value) ? null : 'date'
  return options.length > 0 && !options.includes(value) ? 'choice' : null
}

const isNumber = (value: string) => /^[+-]?\d{1,300}(?:[.,]\d{1,300})?$/.test(value)
const isDate = (value: string) => /^\d{4}-\d{2}-\d{2}$/.test(value) && new Date(`${value}T00:00:00Z`).toJSON()?.slice(0, 10) === value

/** The text in which a variable is of another type. What does not fit the type any more goes. */
export function withVariableType(text: string, name: string, type: VariableType): string {
  const before = variablesOf(text).find((one) => one.name === name)
  if (!before || before.type === type) return text
  let isFirst = true
  return text.replaceAll(token, (whole: string, found: string | undefined, _type: unknown, described: string | undefined) => {
    if (found !== name) return whole
    const description = isFirst ? before.description : described?.trim()
    const value = isFirst ? valueFor(type, before.default) : null
    const typeName = Object.entries(typeNames).find(([, one]) => one === type)![0]
    const isSaid = isFirst && type !== 'text' && type !== 'choice'
    isFirst = false
    return `{{${name}${isSaid ? ` (${typeName})` : ''}${description ? `: ${description}` : ''}${value === null ? '' : ` = ${value}`.trimEnd()}}}`
  })
}

function valueFor(type: VariableType, value: string | null): string | null {
  if (type === 'choice') return `${value || 'one'} | ${value === 'other' ? 'another' : 'other'}`
  const fits = variableOf('any', { type, description: undefined, value: value ?? undefined }).default
  return fits === 'no' && type === 'yes-no' ? null : fits
}

/** A variable may be called like something that every object has. */
const given = (values: Readonly<Record<string, string>>, name: string) => (Object.hasOwn(values, name) ? values[name] : undefined)

/** What stands in the braces. */
interface Said {
  type: VariableType | undefined
  description: string | undefined
  value: string | undefined
}

const typeOf = (written: string | undefined): VariableType | undefined =>
  written === undefined ? undefined : typeNames[written as keyof typeof typeNames]

function variableOf(name: string, { type, description, value }: Said): PromptVariable {
  const said = { name, description: description?.trim() || null, options: [] }
  const plain = value?.trim() ?? null
  if (type === 'yes-no') return { ...said, type, default: plain === 'yes' ? 'yes' : 'no', options: ['yes', 'no'] }
  // What cannot be one is no default.
  if (type === 'number' || type === 'date') {
    const isOne = type === 'number' ? isNumber : isDate
    return { ...said, type, default: plain === null || plain === '' || isOne(plain) ? plain : null }
  }
  if (type === 'long') return { ...said, type, default: plain }
  const options = value?.includes('|') ? [...new Set(value.split('|').map((one) => one.trim()))].filter(Boolean) : []
  if (options.length > 1 && type !== 'text') return { ...said, type: 'choice', default: options[0]!, options }
  return { ...said, type: 'text', default: type === 'text' ? plain : (options[0] ?? plain) }
}

/** A name that stands there again is the same variable; what was said first counts. */
const joined = (before: Said | undefined, now: Said): Said => ({
  type: before?.type ?? now.type,
  description: before?.description?.trim() ? before.description : now.description,
  value: before?.value ?? now.value,
})
