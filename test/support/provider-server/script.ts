/** What goes wrong. `after` text tokens where it happens in mid-stream. */
export const faults = [
  'auth',
  'forbidden',
  'rate-limit',
  'quota',
  'server-error',
  'overloaded',
  'context',
  'filtered-prompt',
  'not-found',
  'bad-request',
  'no-reasoning',
  'hang',
  'stall',
  'cut',
  'truncated',
  'invalid-sse',
  'not-sse',
  'stream-error',
] as const
export type Fault = (typeof faults)[number]

export interface ScriptedCall {
  name: string
  arguments: unknown
}

export interface ScriptedUsage {
  input: number
  output: number
  reasoning: number
  cacheRead: number
  cacheWrite: number
}

/**
 * How one request is answered. `{{now}}` in a text becomes the moment at which it is sent, in milliseconds with fractions, so that a reader can
 * measure how long it was under way.
 */
export interface Script {
  /** Sent word by word. Without it, `tokens` numbered words. */
  text?: string
  tokens?: number
  /** Between two tokens, and before the first one. */
  delayMs?: number
  firstDelayMs?: number
  reasoning?: string
  /** The calls of each pass. Once the request carries the results of all, the text is sent. `{{results}}` in it stands for those results. */
  toolRounds?: ScriptedCall[][]
  /** Before the text, where the request has the provider's own search. */
  search?: ScriptedSearch
  /** It searches also where it goes on to call tools. */
  searchWithTools?: boolean
  usage?: Partial<ScriptedUsage>
  finish?: 'stop' | 'length' | 'content-filter'
  fault?: Fault
  after?: number
  retryAfterSeconds?: number
}

/** A search of the web by the provider itself. */
export interface ScriptedSearch {
  query: string
  results: { url: string; title: string }[]
}

/** What a script is chosen by and what the recorded requests show, whatever the wire format. */
export interface Asked {
  model: string
  isStreaming: boolean
  /** The text of the last message of a person. */
  text: string
  /** What came with it, as `image/png 68`: type and bytes. */
  files: string[]
  toolNames: string[]
  /** The provider's own search may be used. */
  hasSearch: boolean
  /** Passes of tool calls since that message, and the results of the last one. */
  roundsDone: number
  toolResults: string[]
  inputCharacters: number
}

export interface ToolCall {
  id: string
  name: string
  argumentsJson: string
}

/** A script applied to a request: what a wire format has to put into its own words. */
export interface Answer {
  model: string
  reasoning: string[]
  text: string[]
  toolCalls: ToolCall[]
  search: ScriptedSearch | null
  usage: ScriptedUsage
  finish: 'stop' | 'length' | 'content-filter' | 'tool-calls'
}

/** `[[{"tokens": 40, "delayMs": 25}]]` anywhere in the last message. */
const directive = /\[\[(\{.*\})\]\]/s

export function chooseScript(asked: Asked): Script {
  const written = directive.exec(asked.text)?.[1]
  if (written !== undefined) return JSON.parse(written) as Script
  return (
    byModelName(asked) ?? {
      text: `This is the local provider server. You wrote: ${asked.text}${sent(asked)}`,
      delayMs: asked.isStreaming ? 5 : 0,
    }
  )
}

const sent = ({ files }: Asked) => (files.length > 0 ? ` (with ${files.join(', ')} bytes)` : '')

/** For those who can only choose a model: `…40x25…` is 40 tokens 25 ms apart, `…fault-cut…` a fault, `…reason…` reasons first, `…tools…` calls a tool. */
function byModelName({ model, toolNames }: Asked): Script | undefined {
  const script: Script = {}
  const pace = /(\d+)x(\d+)/.exec(model)
  if (pace) Object.assign(script, { tokens: Number(pace[1]), delayMs: Number(pace[2]) })
  const fault = faults.find((name) => model.includes(`fault-${name}`))
  if (fault) Object.assign(script, { fault, after: 3 })
  if (model.includes('reason')) script.reasoning = 'First I look at what was asked. Then I put the answer together.'
  if (model.includes('tools') && toolNames.length > 0) {
    const name = toolNames.find((one) => one === 'calculate') ?? toolNames[0]!
    script.toolRounds = [[{ name, arguments: name === 'calculate' ? { expression: '6 * 7' } : {} }]]
    script.text = 'The tool answered: {{results}}'
  }
  return Object.keys(script).length > 0 ? script : undefined
}

let callNumber = 0

export function applyScript(script: Script, asked: Asked): Answer {
  const round = script.toolRounds?.[asked.roundsDone]
  const text = (script.text ?? numbered(script.tokens ?? 8)).replaceAll('{{results}}', () => asked.toolResults.join(' | '))
  const reasoning = words(script.reasoning ?? '')
  const shown = round ? [] : words(text)
  const reasoningTokens = script.usage?.reasoning ?? reasoning.length
  const given = script.usage ?? {}
  return {
    model: asked.model,
    reasoning,
    text: shown,
    search: (!round || script.searchWithTools) && asked.hasSearch ? (script.search ?? null) : null,
    // Unique for each answer: who runs tools may use the id to run a call only once.
    toolCalls: (round ?? []).map(({ name, arguments: value }) => ({
      id: `call_${process.pid.toString(36)}${(++callNumber).toString(36).padStart(6, '0')}`,
      name,
      argumentsJson: typeof value === 'string' ? value : JSON.stringify(value),
    })),
    usage: {
      input: given.input ?? Math.max(1, Math.ceil(asked.inputCharacters / 4)),
      output: given.output ?? reasoningTokens + shown.length + (round?.length ?? 0) * 10,
      reasoning: reasoningTokens,
      cacheRead: given.cacheRead ?? 0,
      cacheWrite: given.cacheWrite ?? 0,
    },
    finish: round ? 'tool-calls' : (script.finish ?? 'stop'),
  }
}

function numbered(count: number): string {
  return Array.from({ length: count }, (_, index) => `w${index + 1}`).join(' ')
}

/** Words with the space before them, which is how models cut text. */
function words(text: string): string[] {
  return text.match(/\s*\S+\s*$|\s*\S+/g) ?? []
}
