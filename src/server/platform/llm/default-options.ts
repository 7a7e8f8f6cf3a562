import type { JSONValue, LanguageModelV4CallOptions, LanguageModelV4Prompt, SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { Provider } from '../../../contract/models.ts'

/**
 * What is asked of a model when nobody says otherwise: reasoning that can be seen, where the model has it, and nothing stored at the provider.
 * Sources: OpenAI, "Reasoning > Reasoning summaries"; Anthropic, "Adaptive thinking" and "Extended thinking > Supported models"; Gemini API,
 * "Thinking > Thought summaries". xAI always sends its summaries.
 */
export function defaultProviderOptions(provider: Provider, internalName: string): SharedV4ProviderOptions {
  switch (provider) {
    case 'openai':
      return { openai: { store: false, ...(isOpenAiReasoning(internalName) && { reasoningSummary: 'auto' }) } }
    case 'xai':
      return { xai: { store: false } }
    case 'anthropic':
      if (hasAdaptiveThinking(internalName)) return { anthropic: { thinking: { type: 'adaptive', display: 'summarized' } } }
      return hasBudgetThinking(internalName) ? { anthropic: { thinking: { type: 'enabled', budgetTokens: thinkingBudgetTokens } } } : {}
    case 'google':
      return hasThoughts(internalName) ? { google: { thinkingConfig: { includeThoughts: true } } } : {}
    default:
      return {}
  }
}

const thinkingBudgetTokens = 4096

const isOpenAiReasoning = (name: string) => /^(o\d|gpt-([5-9]|\d\d)|codex)/.test(name) && !/-chat/.test(name)
const hasThoughts = (name: string) => /^gemini-(2\.5|[3-9]|flash|pro)/.test(name) && !/image|tts|live|audio|embedding/.test(name)
/** From 4.6 on, and every name without a number of that form (new families). */
const hasAdaptiveThinking = (name: string) => /^claude-(opus|sonnet|haiku|fable|mythos)-(4-[6-9]|[5-9]|\d\d)(?!\d{6})/.test(name)
const hasBudgetThinking = (name: string) => /^claude-(3-7|(opus|sonnet)-4|haiku-4-5)/.test(name)

/**
 * The defaults under what the call says. Thinking is left out where Anthropic would refuse it: with sampling parameters, a forced tool, little room for
 * the answer, or a tool pass whose signed thoughts are gone.
 */
export function withDefaults(defaults: SharedV4ProviderOptions, options: LanguageModelV4CallOptions): SharedV4ProviderOptions {
  const merged: SharedV4ProviderOptions = { ...options.providerOptions }
  for (const [namespace, values] of Object.entries(defaults)) {
    const kept = { ...values }
    if (kept.thinking && !mayThink(options)) delete kept.thinking
    if (options.reasoning === 'none') {
      delete kept.reasoningSummary
      delete kept.thinkingConfig
    }
    merged[namespace] = { ...kept, ...options.providerOptions?.[namespace] }
  }
  return merged
}

/** The defaults without those that ask for visible reasoning. Of OpenAI's, null: left out, its package would ask for a summary wherever an effort is named. */
export function withoutReasoning(defaults: SharedV4ProviderOptions): SharedV4ProviderOptions {
  const isOther = ([name]: [string, unknown]) => !['thinking', 'thinkingConfig'].includes(name)
  const quiet = ([name, value]: [string, JSONValue | undefined]) => [name, name === 'reasoningSummary' ? null : value] as const
  return Object.fromEntries(
    Object.entries(defaults).map(([namespace, values]) => [
      namespace,
      Object.fromEntries(Object.entries(values).filter(isOther).map(quiet)),
    ]),
  )
}

/** Thinking that somebody asked for is left out too where Anthropic would refuse the whole call for it. */
export function withoutRefusedThinking(provider: Provider, options: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
  const isAsked = options.reasoning !== undefined && !['provider-default', 'none'].includes(options.reasoning)
  if (provider !== 'anthropic' || !isAsked || (!isForced(options) && !hasUnsignedToolPass(options.prompt))) return options
  return { ...options, reasoning: 'none' }
}

const isForced = ({ toolChoice }: LanguageModelV4CallOptions) => toolChoice?.type === 'required' || toolChoice?.type === 'tool'

function mayThink(options: LanguageModelV4CallOptions): boolean {
  const isSampling = options.temperature !== undefined || options.topP !== undefined || options.topK !== undefined
  const isShort = options.maxOutputTokens !== undefined && options.maxOutputTokens < thinkingBudgetTokens
  const isDecided = options.reasoning !== undefined && options.reasoning !== 'provider-default'
  return !isSampling && !isForced(options) && !isShort && !isDecided && !hasUnsignedToolPass(options.prompt)
}

/** Anthropic takes a tool's result back only together with the signed thoughts that led to the call. */
function hasUnsignedToolPass(prompt: LanguageModelV4Prompt): boolean {
  const lastUser = prompt.findLastIndex((message) => message.role === 'user')
  return prompt
    .slice(lastUser + 1)
    .some(
      (message) =>
        message.role === 'assistant' &&
        message.content.some((part) => part.type === 'tool-call') &&
        !message.content.some((part) => part.type === 'reasoning' && part.providerOptions?.anthropic?.signature !== undefined),
    )
}
