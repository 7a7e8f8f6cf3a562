import type { Provider } from '../../../contract/models.ts'

/** What somebody who chose nothing most likely wants: a current general model, before dated snapshots and special ones. First match wins. */
const preferences: Partial<Record<Provider, RegExp[]>> = {
  openai: [/^gpt-5(\.\d+)?$/, /^gpt-4\.1$/, /^gpt-4o$/, /^gpt-5(\.\d+)?-mini$/, /^gpt-4\.1-mini$/, /^gpt-4o-mini$/],
  anthropic: [/^claude-sonnet-/, /^claude-opus-/, /sonnet/, /^claude-haiku-/],
  google: [/^gemini-[\d.]+-pro$/, /^gemini-[\d.]+-flash$/, /^gemini-[\d.]+-(pro|flash)/],
  xai: [/^grok-\d+(\.\d+)?$/, /^grok-\d/],
}

/** Lower is better; null: nothing speaks for it. Elsewhere the order of the provider's own list counts. */
export function defaultRank(provider: Provider, internalName: string, position: number): number | null {
  const patterns = preferences[provider]
  if (!patterns) return position
  const index = patterns.findIndex((pattern) => pattern.test(internalName))
  return index === -1 ? null : index
}
