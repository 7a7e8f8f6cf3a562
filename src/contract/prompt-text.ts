// How a prompt is read: `{{name}}`. Without schemas, so that the web app shows at once what the server will derive. Nothing is ever evaluated: a value that
// looks like a variable is text.

export const maxPromptLength = 100_000
export const maxPromptNameLength = 100

export interface PromptVariable {
  name: string
  /** `choice`: one of the options, of which the first is the default. */
  type: 'text' | 'choice'
  description: string | null
  /** Null: has to be filled in. Empty: may be left out. */
  default: string | null
  /** Of a choice. */
  options: string[]
}

export type PromptPiece = { kind: 'text'; text: string } | { kind: 'variable'; name: string }

/** Filled in without asking. */
export const builtInVariables = ['date', 'time', 'weekday', 'user', 'locale', 'timezone'] as const
export type BuiltInVariable = (typeof builtInVariables)[number]
const isBuiltIn = (name: string): name is BuiltInVariable => (builtInVariables as readonly string[]).includes(name)

// `{{name}}`, `{{name: what it is}}`, `{{name = default}}`, `{{name = one | two}}`, and all of it together. `\{{` is two braces.
// No braces inside: a text full of beginnings would be read again from each.
const token = /\\\{\{|\{\{[ \t]*([\p{L}_][\p{L}\p{N}_-]{0,49})[ \t]*(?::([^=\n{}]{0,500}))?(?:=([^\n{}]{0,2000}))?\}\}/gu

interface Read {
  pieces: PromptPiece[]
  variables: PromptVariable[]
}

/** What a text is made of. What looks like a variable and is none stays as it stands. */
export function readPrompt(text: string): Read {
  const pieces: PromptPiece[] = []
  const variables = new Map<string, PromptVariable>()
  let plain = ''
  let end = 0
  for (const match of text.matchAll(token)) {
    plain += text.slice(end, match.index)
    end = match.index + match[0].length
    const [, name, description, value] = match
    if (name === undefined) {
      plain += '{{'
      continue
    }
    if (plain !== '') pieces.push({ kind: 'text', text: plain })
    plain = ''
    pieces.push({ kind: 'variable', name })
    if (!isBuiltIn(name)) variables.set(name, joined(variables.get(name), variableOf(name, description, value)))
  }
  plain += text.slice(end)
  if (plain !== '') pieces.push({ kind: 'text', text: plain })
  return { pieces, variables: [...variables.values()] }
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

/** The names of those that still have to be filled in. */
export function missingValues(variables: readonly PromptVariable[], values: Readonly<Record<string, string>>): string[] {
  return variables.filter((one) => one.default === null && (given(values, one.name) ?? '').trim() === '').map((one) => one.name)
}

/** A variable may be called like something that every object has. */
const given = (values: Readonly<Record<string, string>>, name: string) => (Object.hasOwn(values, name) ? values[name] : undefined)

function variableOf(name: string, description: string | undefined, value: string | undefined): PromptVariable {
  const options = value?.includes('|')
    ? [
        ...new Set(
          value
            .split('|')
            .map((one) => one.trim())
            .filter(Boolean),
        ),
      ]
    : []
  return {
    name,
    type: options.length > 1 ? 'choice' : 'text',
    description: description?.trim() || null,
    default: options[0] ?? value?.trim() ?? null,
    options: options.length > 1 ? options : [],
  }
}

/** A name that stands there again is the same variable; what was said first counts. */
function joined(before: PromptVariable | undefined, now: PromptVariable): PromptVariable {
  if (!before) return now
  const said = before.default === null ? now : before
  return { ...said, description: before.description ?? now.description }
}
