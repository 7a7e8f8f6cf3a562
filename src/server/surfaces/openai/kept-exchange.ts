import type { ToolCallPart } from '../../../contract/messages.ts'
import type { HistoryMessage, StoredPart } from '../../features/conversations/index.ts'
import { argumentsOf, assistantText, textOf } from './chat-prompt.ts'
import type { ChatMessage, UserPart } from './chat-request.ts'

/** A request as messages of a conversation: what was before the last question, the question, and what its answer holds already. */
export interface Exchange {
  history: HistoryMessage[]
  question: StoredPart[]
  /** Calls that the caller has run, with their results; their passes end at 0. */
  before: StoredPart[]
}

/** Parley's messages take turns: what one side said in several messages becomes one, and an answer's tool passes become its parts. */
export function toExchange(messages: readonly ChatMessage[]): Exchange {
  const grouped: HistoryMessage[] = []
  const open = (role: HistoryMessage['role']): StoredPart[] => {
    const last = grouped.at(-1)
    if (last?.role === role && role !== 'system') return last.parts
    const parts: StoredPart[] = []
    grouped.push({ role, parts })
    return parts
  }
  for (const message of messages) {
    if (message.role === 'user') open('user').push(...userParts(message.content))
    else if (message.role === 'assistant') addPass(open('assistant'), message)
    else if (message.role === 'tool') addResult(open('assistant'), message.tool_call_id, textOf(message.content))
    else open('system').push({ type: 'text', step: 0, text: textOf(message.content) })
  }

  const asked = grouped.findLastIndex((message) => message.role === 'user')
  if (asked === -1) return { history: grouped, question: [], before: [] }
  const after = grouped.slice(asked + 1)
  const before = after.flatMap((message) => (message.role === 'assistant' ? message.parts : []))
  const passes = Math.max(0, ...before.map((part) => part.step))
  return {
    // What the system says after the question stands before it here: an answer follows its question at once.
    history: [...grouped.slice(0, asked), ...after.filter((message) => message.role === 'system')],
    question: grouped[asked]!.parts,
    before: before.map((part) => ({ ...part, step: part.step - passes })),
  }
}

function userParts(content: string | readonly UserPart[]): StoredPart[] {
  if (typeof content === 'string') return [{ type: 'text', step: 0, text: content }]
  // Messages hold no files yet: their place is kept.
  const words = { image_url: '[image]', input_audio: '[audio]', file: '[file]' }
  return content.map((part) => ({ type: 'text', step: 0, text: part.type === 'text' ? part.text : words[part.type] }))
}

function addPass(parts: StoredPart[], message: Extract<ChatMessage, { role: 'assistant' }>): void {
  const step = Math.max(0, ...parts.map((part) => part.step)) + 1
  const text = assistantText(message)
  if (text) parts.push({ type: 'text', step, text })
  for (const call of message.tool_calls ?? []) {
    parts.push({
      type: 'tool-call',
      step,
      callId: call.id,
      toolName: call.function.name,
      arguments: argumentsOf(call) as ToolCallPart['arguments'],
      state: 'client',
      result: null,
      durationMs: null,
    })
  }
}

function addResult(parts: StoredPart[], callId: string, result: string): void {
  const call = parts.findLast((part) => part.type === 'tool-call' && part.callId === callId)
  if (call?.type === 'tool-call') Object.assign(call, { state: 'completed', result })
}
