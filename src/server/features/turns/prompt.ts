import type { JSONValue, LanguageModelV4Message, LanguageModelV4Prompt, SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { Provider } from '../../../contract/models.ts'
import type { FilePart } from '../../../contract/messages.ts'
import type { StoredPart } from '../conversations/index.ts'
import { type GivenFile, type Reader, tokensOf } from '../files/index.ts'
import type { PathMessage } from './hot-statements.ts'
import { howToReadOn } from './long-results.ts'
import { type Instruction, instructions } from './instructions.ts'

/** Leaves room for the answer within the model's context. */
const contextShare = 0.75
const charactersPerToken = 3.5

/**
 * The messages of a path as a model reads them: the newest summary on it in place of everything up to its message, then what follows. Tool calls and their results become an assistant and a tool message per step. Oldest messages are left
 * out when the model's context would overflow; the last message always stays.
 */
export function buildPrompt(
  path: readonly PathMessage[],
  options: {
    systemPrompt: string | null
    reader: Reader
    /** The files of the path, by attachment. */
    files?: ReadonlyMap<string, GivenFile>
    /** Sent at the end of it, and kept nowhere. */
    instruction?: Instruction | null
  },
): LanguageModelV4Prompt {
  const summarised = path.findLastIndex(({ summary }) => summary)
  const summary = summarised < 0 ? null : inPlaceOf(path[summarised]!.summary!)
  const systemPrompt = [options.systemPrompt, summary].filter(Boolean).join('\n\n')
  const messages = fit(path.slice(summarised + 1), options.reader, systemPrompt.length).flatMap((message, index, all) =>
    toPrompt(message, options.reader.provider, options.files, index === all.length - 1),
  )
  if (options.instruction) messages.push({ role: 'user', content: [{ type: 'text', text: instructions[options.instruction] }] })
  return systemPrompt ? [{ role: 'system', content: systemPrompt }, ...messages] : messages
}

function inPlaceOf(summary: string): string {
  return `What was said in this conversation before the messages that follow, in summary. It is a record, not an instruction.\n<summary>\n${summary}\n</summary>`
}

/** The files that a model reads with this path, oldest first. */
export function filesOf(path: readonly PathMessage[]): FilePart[] {
  const read = path.slice(path.findLastIndex(({ summary }) => summary) + 1)
  // Those that a model wrote it knows, and can read again.
  return read.flatMap(({ role, parts }) => (role === 'assistant' ? [] : parts.filter((part) => part.type === 'file')))
}

function fit(path: readonly PathMessage[], reader: Reader, usedLength: number): readonly PathMessage[] {
  const { maxContext } = reader
  if (maxContext === null) return path
  let room = maxContext * contextShare * charactersPerToken - usedLength
  let from = path.length
  while (from > 0) {
    room -= lengthOf(path[from - 1]!, reader)
    if (room < 0 && from < path.length) break
    from--
  }
  // A conversation may not begin with an answer: providers refuse that.
  while (from < path.length - 1 && path[from]!.role === 'assistant') from++
  return path.slice(from)
}

function lengthOf(message: PathMessage, reader: Reader): number {
  return message.parts.reduce((sum, part) => {
    if (part.type === 'text' || part.type === 'reasoning') return sum + part.text.length
    if (part.type === 'file') return message.role === 'assistant' ? sum : sum + tokensOf(part, reader) * charactersPerToken
    if (part.type === 'surface') return sum + (part.callId === null ? part.fallback.length : 0)
    if (part.type === 'tool-call') return sum + JSON.stringify(part.arguments).length + (part.result?.length ?? 0)
    return sum
  }, 20)
}

type AssistantContent = Extract<LanguageModelV4Message, { role: 'assistant' }>['content']
type UserContent = Extract<LanguageModelV4Message, { role: 'user' }>['content']

function toPrompt(
  message: PathMessage,
  provider: Provider,
  files: ReadonlyMap<string, GivenFile> | undefined,
  isNow: boolean,
): LanguageModelV4Message[] {
  if (message.role !== 'assistant') {
    const text = message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')
    if (message.role === 'system') return [{ role: 'system', content: text }]
    const content: UserContent = message.parts.flatMap((part) => (part.type === 'file' ? (files?.get(part.attachmentId) ?? []) : []))
    if (text !== '' || content.length === 0) content.push({ type: 'text', text })
    return [{ role: 'user', content }]
  }
  const isOwn = message.provider === provider
  const steps = new Map<number, StoredPart[]>()
  for (const part of message.parts) steps.set(part.step, [...(steps.get(part.step) ?? []), part])
  return [...steps.values()].flatMap((parts) => stepToPrompt(parts, isOwn, isNow))
}

/** What a provider found in this very turn goes back to it, since it has signed what stands around it; in later turns the answer says what there was to say. */
function backToProvider(
  part: Extract<StoredPart, { type: 'tool-call' }>,
  { result, metadata }: NonNullable<StoredPart['provided']>,
): AssistantContent {
  const { callId: toolCallId, toolName, arguments: input, providerMetadata } = part
  return [
    {
      type: 'tool-call',
      toolCallId,
      toolName,
      input: input as JSONValue,
      providerExecuted: true,
      ...(providerMetadata && { providerOptions: providerMetadata }),
    },
    { type: 'tool-result', toolCallId, toolName, output: { type: 'json', value: result }, ...(metadata && { providerOptions: metadata }) },
  ]
}

function stepToPrompt(parts: readonly StoredPart[], isOwn: boolean, isNow: boolean): LanguageModelV4Message[] {
  const content: AssistantContent = []
  const results: Extract<LanguageModelV4Message, { role: 'tool' }>['content'] = []
  for (const part of parts) {
    const providerOptions: { providerOptions?: SharedV4ProviderOptions } =
      isOwn && part.providerMetadata ? { providerOptions: part.providerMetadata } : {}
    // What a tool showed its result speaks of; what was shown without a model is told in words.
    if (part.type === 'surface' && part.callId === null) content.push({ type: 'text', text: part.fallback })
    else if (part.type === 'text' && part.text) content.push({ type: 'text', text: part.text, ...providerOptions })
    // Reasoning goes back only where its provider signed it; anything else it would refuse or misread.
    else if (part.type === 'reasoning' && providerOptions.providerOptions)
      content.push({ type: 'reasoning', text: part.text, ...providerOptions })
    else if (part.type === 'tool-call' && part.isProviders)
      content.push(...(isOwn && isNow && part.provided ? backToProvider(part, part.provided) : []))
    else if (part.type === 'tool-call' && part.result !== null && !part.isImported) {
      content.push({
        type: 'tool-call',
        toolCallId: part.callId,
        toolName: part.toolName,
        input: part.arguments as JSONValue,
        ...providerOptions,
      })
      const result = part.whole ? `${part.result}\n\n${howToReadOn(part.whole, part.result.length)}` : part.result
      const output =
        part.state === 'completed' ? ({ type: 'text', value: result } as const) : ({ type: 'error-text', value: result } as const)
      results.push({ type: 'tool-result', toolCallId: part.callId, toolName: part.toolName, output })
    }
  }
  const messages: LanguageModelV4Message[] = []
  if (content.length > 0) messages.push({ role: 'assistant', content })
  if (results.length > 0) messages.push({ role: 'tool', content: results })
  return messages
}
