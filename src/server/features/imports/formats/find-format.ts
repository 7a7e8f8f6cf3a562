import { readChatGpt } from './chatgpt.ts'
import { readClaude } from './claude.ts'
import { isRecord, type Json } from './json.ts'
import { readParley } from './parley.ts'
import type { ReadConversation } from './read-conversation.ts'

/** Whatever it is, found by looking. Undefined: no conversation of a kind that is known. */
export function readConversation(value: Json): ReadConversation | undefined {
  if (!isRecord(value)) return undefined
  if (isRecord(value['mapping'])) return readChatGpt(value, value['mapping'])
  if (Array.isArray(value['chat_messages'])) return readClaude(value, value['chat_messages'])
  if (typeof value['format'] === 'string' && value['format'].startsWith('parley.conversation/')) return readParley(value)
  return undefined
}
