import type { JSONObject, LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { ModelParameters } from '../../../contract/workspaces.ts'
import type { ChatRequest } from './chat-request.ts'

type Options = Partial<Omit<LanguageModelV4CallOptions, 'prompt' | 'abortSignal'>>

/** What the request asks for beside its messages. Only what was sent is passed on: a provider's defaults are its own. */
export function toOptions(request: ChatRequest, provider: string): Options {
  const tools = request.tools?.map(({ function: tool }) => ({
    type: 'function' as const,
    name: tool.name,
    inputSchema: tool.parameters ?? { type: 'object' as const, properties: {} },
    ...(tool.description && { description: tool.description }),
    ...(typeof tool.strict === 'boolean' && { strict: tool.strict }),
  }))
  const options: { [Name in keyof Options]: Options[Name] | undefined } = {
    tools: tools?.length ? tools : undefined,
    toolChoice: tools?.length ? toolChoiceOf(request.tool_choice) : undefined,
    responseFormat: responseFormatOf(request.response_format),
    temperature: request.temperature ?? undefined,
    topP: request.top_p ?? undefined,
    topK: request.top_k ?? undefined,
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
    stopSequences: typeof request.stop === 'string' ? [request.stop] : request.stop?.length ? request.stop : undefined,
    seed: request.seed ?? undefined,
    frequencyPenalty: request.frequency_penalty ?? undefined,
    presencePenalty: request.presence_penalty ?? undefined,
    reasoning: request.reasoning_effort ?? undefined,
    providerOptions: providerOptionsOf(request, provider),
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options
}

/** The part of it that settings snapshots record. */
export function parametersOf(request: ChatRequest): ModelParameters {
  return {
    temperature: request.temperature ?? null,
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? null,
    topP: request.top_p ?? null,
    frequencyPenalty: request.frequency_penalty ?? null,
    presencePenalty: request.presence_penalty ?? null,
  }
}

function toolChoiceOf(choice: ChatRequest['tool_choice']): Options['toolChoice'] {
  if (!choice) return undefined
  return typeof choice === 'string' ? { type: choice } : { type: 'tool', toolName: choice.function.name }
}

function responseFormatOf(format: ChatRequest['response_format']): Options['responseFormat'] {
  if (!format || format.type === 'text') return undefined
  if (format.type === 'json_object') return { type: 'json' }
  const { name, description, schema } = format.json_schema
  return { type: 'json', name, ...(description && { description }), ...(schema && { schema }) }
}

/** What the models' common interface has no word for, by the name that each provider's package gives it. */
function providerOptionsOf(request: ChatRequest, provider: string): SharedV4ProviderOptions | undefined {
  const own: JSONObject = {}
  const isSerial = request.parallel_tool_calls === false // calls side by side are every provider's default
  const isStrict = request.response_format?.type === 'json_schema' ? request.response_format.json_schema.strict === true : undefined
  switch (provider) {
    case 'openai':
    case 'openai-compatible':
    case 'ollama':
      // OpenAI's own package has its name for it; servers that only speak like OpenAI get the protocol's.
      if (isSerial) Object.assign(own, provider === 'openai' ? { parallelToolCalls: false } : {}, { parallel_tool_calls: false })
      if (request.user) own.user = request.user
      if (isStrict !== undefined) own.strictJsonSchema = isStrict
      break
    case 'anthropic':
      if (isSerial) own.disableParallelToolUse = true
      break
    case 'xai':
      if (isSerial) own.parallelToolCalls = false
      break
    default:
  }
  return Object.keys(own).length > 0 ? { [provider]: own } : undefined
}
