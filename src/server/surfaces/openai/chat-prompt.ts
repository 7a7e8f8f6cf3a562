import type { JSONValue, LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider'
import { AppError } from '../../platform/errors/index.ts'
import type { Files } from './chat-files.ts'
import type { ChatMessage } from './chat-request.ts'

type AssistantMessage = Extract<ChatMessage, { role: 'assistant' }>
export type ToolCallOfCaller = NonNullable<AssistantMessage['tool_calls']>[number]

/** The caller's messages in the terms of models. Error: `request.invalid` for a tool result that no call before it asked for. */
export function toPrompt(messages: readonly ChatMessage[], files: Files): LanguageModelV4Prompt {
  const prompt: LanguageModelV4Prompt = []
  const toolNames = new Map<string, string>()
  messages.forEach((message, index) => {
    switch (message.role) {
      case 'system':
      case 'developer':
        prompt.push({ role: 'system', content: textOf(message.content) })
        break
      case 'user':
        prompt.push({ role: 'user', content: userContent(message.content, files) })
        break
      case 'assistant': {
        for (const call of message.tool_calls ?? []) toolNames.set(call.id, call.function.name)
        const content = assistantContent(message)
        if (content.length > 0) prompt.push({ role: 'assistant', content })
        break
      }
      case 'tool': {
        const toolName = toolNames.get(message.tool_call_id)
        if (toolName === undefined) {
          const wrong = { path: ['messages', index, 'tool_call_id'], message: 'names no tool call of an assistant message before it' }
          throw new AppError('request.invalid', { issues: [wrong] })
        }
        const result = {
          type: 'tool-result' as const,
          toolCallId: message.tool_call_id,
          toolName,
          output: { type: 'text' as const, value: textOf(message.content) },
        }
        const last = prompt.at(-1)
        if (last?.role === 'tool') last.content.push(result)
        else prompt.push({ role: 'tool', content: [result] })
      }
    }
  })
  return prompt
}

/** Gemini takes system messages at the beginning only; a later one is said by the user there. */
export function withSystemFirst(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  const first = prompt.findIndex((message) => message.role !== 'system')
  return prompt.map((message, index) =>
    message.role === 'system' && first !== -1 && index > first
      ? { role: 'user', content: [{ type: 'text', text: message.content }] }
      : message,
  )
}

export function textOf(content: string | readonly { text: string }[]): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('')
}

/** What was said, a refusal included. */
export function assistantText({ content, refusal }: AssistantMessage): string {
  if (typeof content === 'string') return content
  const text = (content ?? []).map((part) => (part.type === 'text' ? part.text : part.refusal)).join('')
  return text || (refusal ?? '')
}

/** The arguments as a value; what is no JSON stays the text that the model wrote. */
export function argumentsOf(call: ToolCallOfCaller): JSONValue {
  try {
    return JSON.parse(call.function.arguments || '{}') as JSONValue
  } catch {
    return call.function.arguments
  }
}

function userContent(
  content: Extract<ChatMessage, { role: 'user' }>['content'],
  files: Files,
): Extract<LanguageModelV4Message, { role: 'user' }>['content'] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return content.map((part) => (part.type === 'text' ? { type: 'text', text: part.text } : files.get(part)!))
}

function assistantContent(message: AssistantMessage): Extract<LanguageModelV4Message, { role: 'assistant' }>['content'] {
  const text = assistantText(message)
  const calls = (message.tool_calls ?? []).map((call) => {
    const thoughtSignature = call.extra_content?.google?.thought_signature
    return {
      type: 'tool-call' as const,
      toolCallId: call.id,
      toolName: call.function.name,
      input: argumentsOf(call),
      ...(thoughtSignature && { providerOptions: { google: { thoughtSignature } } }),
    }
  })
  return text ? [{ type: 'text', text }, ...calls] : calls
}
