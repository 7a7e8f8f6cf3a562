import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool } from '@ai-sdk/provider'
import type { Question, Reply } from './answer.ts'
import { answerArithmetic, findExpressions } from './arithmetic.ts'
import type { ToolOutcome } from './conversation.ts'
import { keySentences, keywordsOf, mentionsOf, quoted, sentencesOf } from './sentences.ts'

export type Tools = NonNullable<LanguageModelV4CallOptions['tools']>

/** More pages or sums at once than anybody means. */
const maxCalls = 8

const pageTool = /fetch|page|url|browse|http|web|read_?link/i
const calculationTool = /calculat|arithmetic|math/i
const address = /\bhttps?:\/\/[^\s<>"'`)\]]*[^\s<>"'`)\].,;:!?]/gi

/** The tools that the question calls for: one named in it, a page tool for each address, a calculator for each sum. */
export function callTools({ question }: Question, tools: Tools, choice: LanguageModelV4CallOptions['toolChoice']): Reply['calls'] {
  const offered = tools.filter((tool): tool is LanguageModelV4FunctionTool => tool.type === 'function')
  if (offered.length === 0 || choice?.type === 'none') return []
  const usable = choice?.type === 'tool' ? offered.filter((tool) => tool.name === choice.toolName) : offered

  const named = usable.filter((tool) => isNamed(question, tool.name))
  if (named.length > 0) return named.slice(0, maxCalls).map((tool) => ({ toolName: tool.name, input: inputFrom(question, tool) }))

  const calls: Reply['calls'] = []
  const pages = usable.find((tool) => pageTool.test(tool.name) && textProperty(tool, /url|uri|address|link/i) !== undefined)
  const addresses = [...new Set(question.match(address))]
  if (pages) for (const url of addresses) calls.push(oneInput(pages, /url|uri|address|link/i, url))
  const calculator = usable.find(
    (tool) => calculationTool.test(tool.name) && textProperty(tool, /expression|formula|input|query/i) !== undefined,
  )
  if (calculator)
    for (const sum of findExpressions(withoutAddresses(question))) calls.push(oneInput(calculator, /expression|formula|input|query/i, sum))

  const isForced = choice?.type === 'required' || choice?.type === 'tool'
  if (calls.length === 0 && isForced && usable[0]) calls.push({ toolName: usable[0].name, input: inputFrom(question, usable[0]) })
  return calls.slice(0, maxCalls)
}

/** What the tools brought, in words. */
export function answerFromTools(question: Question): string {
  return question.outcomes.map((outcome) => answerFrom(outcome, question)).join('\n\n')
}

function answerFrom(outcome: ToolOutcome, question: Question): string {
  const { toolName, state, text, input } = outcome
  const sum = asText(input, /expression|formula|input|query/i)
  if (state !== 'completed') {
    const reason = state === 'denied' ? `\`${toolName}\` was not allowed` : `\`${toolName}\` did not work: ${text}`
    const own = calculationTool.test(toolName) ? answerArithmetic({ ...question, question: sum }) : undefined
    if (own !== undefined) return `${reason.replace(/[.:\s]*$/, '')}. I worked it out myself: ${own}`
    return state === 'denied' ? `${reason}, so I have nothing from it.` : reason
  }
  if (calculationTool.test(toolName)) return `${sum.replaceAll('*', '×')} = **${text.trim()}**`
  if (pageTool.test(toolName)) return fromPage(text, asText(input, /url|uri|address|link/i), withoutAddresses(question.question))
  return `\`${toolName}\` answered:\n\n${text.length > 4_000 ? `${text.slice(0, 4_000)}…` : text}`
}

/** If something is asked about the page, its sentences about that; else those that carry most of it. */
function fromPage(text: string, url: string, question: string): string {
  // What the tool adds for a model: where the page is from, and how to read on.
  const body = text
    .replace(/^Source: \S+\s*/, '')
    .replace(/\s*\[\d+ characters follow[^\]]*\]\s*$/, '')
    .trim()
  if (body === '') return `${url} has no text that I can read.`
  const asked = keywordsOf(question).filter(
    (word) => !/^(?:page|fetch|open|read|link|url|summar\w*|websit|sit|content|visit|check|look)$/.test(word),
  )
  const about = asked.length > 0 ? mentionsOf(body, asked.join(' '), 4) : []
  if (about.length > 0) return `${url} says about that:\n\n${about.map((one) => quoted(one)).join('\n\n')}`
  const chosen = keySentences(body, 4).map((sentence) => (sentence.length > 400 ? `${sentence.slice(0, 399)}…` : sentence))
  const intro = asked.length > 0 ? `I found nothing about that on ${url}. ` : ''
  const length = sentencesOf(body).length
  if (length <= chosen.length) return `${intro}This stands on ${url}:\n\n${quoted(chosen.join('\n'), 2_000)}`
  return `${intro}I cannot write a summary in words of my own. Of the ${length} sentences on ${url}, these carry most:\n\n${chosen.map((one) => `- ${one}`).join('\n')}`
}

function isNamed(question: string, name: string): boolean {
  const spelled = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replace(/[_-]/g, '[_ -]')
  return new RegExp(String.raw`\b(?:use|call|run|invoke|try)\b[^.?!\n]{0,40}?(?<![\w-])${spelled}(?![\w-])`, 'i').test(question)
}

/** Arguments written out as a JSON object; else the rest of the message, or its number, for each property that is required. */
function inputFrom(question: string, tool: LanguageModelV4FunctionTool): unknown {
  const written = /\{[\s\S]*\}/.exec(question)?.[0]
  if (written !== undefined) {
    try {
      return JSON.parse(written)
    } catch {
      // Braces that are no JSON are a part of the text.
    }
  }
  const literal = /["“`]([^"”`]+)["”`]/.exec(question)?.[1]
  const rest = /(?:\bwith\b|\bon\b|\bfor\b|:)\s*([\s\S]+)$/i.exec(question)?.[1]
  const number = /-?\d+(?:\.\d+)?/.exec(question)?.[0]
  const input: Record<string, unknown> = {}
  const wanted = tool.inputSchema.required ?? Object.keys(properties(tool)).slice(0, 1)
  for (const name of wanted) {
    const type = properties(tool)[name]?.type
    if (type === 'number' || type === 'integer') input[name] = Number(number ?? 0)
    else if (type === 'boolean') input[name] = true
    else if (type === 'array') input[name] = []
    else if (type === 'object') input[name] = {}
    else input[name] = (literal ?? rest ?? question).trim()
  }
  return input
}

function oneInput(tool: LanguageModelV4FunctionTool, pattern: RegExp, value: string) {
  return { toolName: tool.name, input: { [textProperty(tool, pattern)!]: value } }
}

function textProperty(tool: LanguageModelV4FunctionTool, pattern: RegExp): string | undefined {
  return Object.entries(properties(tool)).find(([name, { type }]) => type === 'string' && pattern.test(name))?.[0]
}

function properties(tool: LanguageModelV4FunctionTool): Record<string, { type?: unknown }> {
  return (tool.inputSchema.properties ?? {}) as Record<string, { type?: unknown }>
}

function asText(input: unknown, pattern: RegExp): string {
  const fields = typeof input === 'string' ? readObject(input) : input
  if (typeof fields !== 'object' || fields === null) return ''
  const value = Object.entries(fields).find(([name]) => pattern.test(name))?.[1]
  return typeof value === 'string' ? value : ''
}

function readObject(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function withoutAddresses(text: string): string {
  return text.replace(address, ' ').replace(/\s+/g, ' ').trim()
}
