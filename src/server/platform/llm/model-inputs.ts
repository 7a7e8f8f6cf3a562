import type { ModelInput, Provider } from '../../../contract/models.ts'

/** Anything that sees, by the names that such models have at servers of any kind. */
const seeing =
  /vision|[-_.:/]vl\b|\d+vl\b|\bvl[-_]|llava|pixtral|gpt-4o|gpt-4\.1|gpt-4-turbo|gpt-5|gemini|claude|llama-?4|llama3\.2-vision|gemma-?3|gemma3|minicpm-v|moondream|internvl|molmo|mistral-(small|medium)-3|magistral|qwen.*omni|phi-4-multimodal/

const nothing: ModelInput[] = []

/**
 * What a model takes beside text. Neither lists of models nor the price package say it, so it is read from names: the providers' own documentation for theirs, a guess at any
 * other server. An administrator's correction stands before it. Where a guess is wrong, words are the safe side: a picture sent to a model that sees none is refused.
 */
export function inputsOf(provider: Provider, internalName: string): ModelInput[] {
  const name = internalName.toLowerCase()
  switch (provider) {
    case 'anthropic':
      // PDFs came with 3.5; the first Haiku sees pictures only.
      return /claude-(2|instant)/.test(name) ? nothing : /claude-3-(haiku|opus|sonnet)/.test(name) ? ['image'] : ['image', 'pdf']
    case 'google':
      return name.startsWith('gemini') ? ['image', 'pdf'] : /^gemma-?3(?!.*1b)/.test(name) ? ['image'] : nothing
    case 'openai':
      if (/^(gpt-3\.5|gpt-4(-\d{4})?$|gpt-4-32k|o1-mini|o1-preview|o3-mini|gpt-oss)/.test(name)) return nothing
      return /^(gpt-4-turbo|gpt-4-vision)/.test(name)
        ? ['image']
        : /^(gpt-4o|gpt-4\.|gpt-[5-9]|chatgpt-4o|o\d)/.test(name)
          ? ['image', 'pdf']
          : nothing
    case 'xai':
      return /vision|grok-[4-9]/.test(name) && !/code/.test(name) ? ['image'] : nothing
    case 'openai-compatible':
    case 'ollama':
      return seeing.test(name) ? ['image'] : nothing
    case 'built-in':
      return nothing
  }
}
