import type { LanguageModelV4Prompt, LanguageModelV4ToolResultOutput } from '@ai-sdk/provider'

export interface Said {
  role: 'user' | 'assistant'
  text: string
}

/** A file that came with the question, as far as words tell of it. */
export interface SentFile {
  name: string
  /** Null: only a note says that it is there. */
  text: string | null
  note: string
}

export interface ToolOutcome {
  toolName: string
  input: unknown
  state: 'completed' | 'failed' | 'denied'
  text: string
}

/** A prompt as the offline assistant reads it. */
export interface Conversation {
  system: string
  /** What was said, the question at hand included, without tools. */
  said: Said[]
  question: string
  files: SentFile[]
  /** What came of the tools that were called for this question. */
  outcomes: ToolOutcome[]
}

const continueRequest = /\binterrupted\b[\s\S]*\bcontinue exactly where it stopped\b/i

/** What an answer had said when it broke off, if this prompt asks to go on with it, and the prompt as it was before. */
export function takeInterrupted(prompt: LanguageModelV4Prompt): { prompt: LanguageModelV4Prompt; alreadySaid: string } {
  const last = prompt.at(-1)
  const isRequest = last?.role === 'user' && last.content.some((part) => part.type === 'text' && continueRequest.test(part.text))
  const before = isRequest ? prompt.slice(0, -1) : prompt
  const partial = before.at(-1)
  if (partial?.role !== 'assistant' || partial.content.some((part) => part.type === 'tool-call')) return { prompt: before, alreadySaid: '' }
  const alreadySaid = partial.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
  return { prompt: before.slice(0, -1), alreadySaid }
}

export function readConversation(prompt: LanguageModelV4Prompt): Conversation {
  const said: Said[] = []
  const system: string[] = []
  let outcomes: ToolOutcome[] = []
  let files: SentFile[] = []
  const inputs = new Map<string, unknown>()
  for (const message of prompt) {
    if (message.role === 'system') system.push(message.content)
    else if (message.role === 'tool') {
      for (const part of message.content) {
        if (part.type === 'tool-result')
          outcomes.push({ toolName: part.toolName, input: inputs.get(part.toolCallId), ...outcome(part.output) })
      }
    } else {
      const texts = message.content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
      const sent = message.role === 'user' ? texts.map(readFile) : []
      const text = texts
        .filter((_, index) => !sent[index])
        .join('')
        .trim()
      if (message.role === 'user') files = sent.filter((one) => one !== undefined)
      for (const part of message.content) if (part.type === 'tool-call') inputs.set(part.toolCallId, part.input)
      if (message.role === 'user') outcomes = []
      if (text !== '' || message.role === 'user') said.push({ role: message.role, text })
    }
  }
  const question = said.findLast((one) => one.role === 'user')?.text ?? ''
  return { system: system.join('\n'), said, question, files, outcomes }
}

/** Files reach a model without eyes in this form, each as a part of its own. */
function readFile(part: string): SentFile | undefined {
  const block = /^<file name="([^"]*)"[^>]*>\n([\s\S]*)\n<\/file>$/.exec(part)
  if (block) return { name: block[1]!, text: block[2]!, note: '' }
  const note = /^\[The (?:file|picture) "([^"]*)"[\s\S]*\]$/.exec(part)
  return note ? { name: note[1]!, text: null, note: part.slice(1, -1) } : undefined
}

/** A denial is mostly told to a model in words, since not every provider's format knows it. */
const isDenial = /\b(?:did not allow|not allowed|may not be used|denied)\b/i

function outcome(output: LanguageModelV4ToolResultOutput): Pick<ToolOutcome, 'state' | 'text'> {
  switch (output.type) {
    case 'text':
      return { state: 'completed', text: output.value }
    case 'json':
      return { state: 'completed', text: typeof output.value === 'string' ? output.value : JSON.stringify(output.value) }
    case 'error-text':
      return isDenial.test(output.value) ? { state: 'denied', text: '' } : { state: 'failed', text: output.value }
    case 'error-json':
      return { state: 'failed', text: JSON.stringify(output.value) }
    case 'execution-denied':
      return { state: 'denied', text: output.reason ?? '' }
    case 'content':
      return { state: 'completed', text: output.value.map((part) => (part.type === 'text' ? part.text : '')).join('\n') }
  }
}
