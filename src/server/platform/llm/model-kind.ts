import type { ListedModel } from './index.ts'

/** Models of services that Parley does not call (speech, moderation, video, completion of plain text), by what their names contain. */
const others =
  /whisper|transcri|(^|[-_/])tts|realtime|moderation|sora|veo|davinci|babbage|-instruct-0914|gpt-3\.5-turbo-instruct|audio|speech|computer-use|live|lyria|aqa/

/** Lists do not say what a model is for, except by its name. Null: for something that Parley does not use. */
export function guessKind(internalName: string): ListedModel['kind'] | null {
  const name = internalName.toLowerCase()
  if (/rerank/.test(name)) return 'reranking'
  if (/embed|^(bge|gte|e5|all-minilm|mxbai|snowflake-arctic)[-_]/.test(name)) return 'embedding'
  if (/dall-e|imagen?(-|$)|gpt-image|-image\b|imagine|flux|stable-diffusion/.test(name)) return 'image'
  return others.test(name) ? null : 'chat'
}
