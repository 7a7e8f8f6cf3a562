import type { MatchLogic, ModelInfo, ModelPrice, Provider as PricedProvider } from '@pydantic/genai-prices'
import type { Provider } from '../../../contract/models.ts'
import { builtInDescriptions } from './built-in/models.ts'
import type { CatalogueEntry } from './index.ts'

const packageIds = { openai: 'openai', anthropic: 'anthropic', google: 'google', xai: 'x-ai' } as const

const free = { inputPer1k: 0n, outputPer1k: 0n, reasoningPer1k: 0n, cacheReadPer1k: 0n, cacheWritePer1k: 0n }

/**
 * What the maintained price package knows, offline. It costs 15 MB, so it is loaded when a model is first looked up. A model is found within its own
 * provider only, by its exact name first, then by the rules that the package keeps for dated and renamed versions.
 */
export async function findCatalogueEntry(
  provider: Provider,
  internalName: string,
  baseUrl: string | null,
  today: Date,
): Promise<CatalogueEntry | undefined> {
  if (provider === 'built-in' || provider === 'ollama') {
    const description = builtInDescriptions[internalName] ?? null
    return { name: null, description, maxContext: null, maxOutput: null, origin: 'free', price: free, searchesPer1k: null }
  }
  const { findProvider } = await import('@pydantic/genai-prices')
  const priced =
    provider === 'openai-compatible'
      ? findProvider({ ...(baseUrl !== null && { providerApiUrl: baseUrl }) })
      : findProvider({ providerId: packageIds[provider] })
  const model = priced && findModel(priced, internalName)
  return (
    model && {
      name: model.name ?? internalName,
      description: model.description ?? null,
      maxContext: model.context_window ?? null,
      maxOutput: null,
      origin: 'catalogue',
      price: priceOf(model, today),
      searchesPer1k: searchesPer1k(model, today),
    }
  )
}

function findModel({ models }: PricedProvider, internalName: string): ModelInfo | undefined {
  const name = internalName.toLowerCase()
  return models.find(({ id, match }) => id === name || isNamed(match, name)) ?? models.find(({ match }) => matches(match, name))
}

function isNamed(rule: MatchLogic, name: string): boolean {
  if ('equals' in rule) return rule.equals === name
  return 'or' in rule && rule.or.some((inner) => isNamed(inner, name))
}

function matches(rule: MatchLogic, name: string): boolean {
  if ('equals' in rule) return rule.equals === name
  if ('starts_with' in rule) return name.startsWith(rule.starts_with)
  if ('ends_with' in rule) return name.endsWith(rule.ends_with)
  if ('contains' in rule) return name.includes(rule.contains)
  if ('regex' in rule) return new RegExp(rule.regex).test(name)
  if ('or' in rule) return rule.or.some((inner) => matches(inner, name))
  return rule.and.every((inner) => matches(inner, name))
}

/** The price in force: the newest that has begun. Prices of certain hours are discounts and are left out. */
function currentOf({ prices }: ModelInfo, today: Date): ModelPrice | undefined {
  const day = today.toISOString().slice(0, 10)
  return Array.isArray(prices)
    ? prices.findLast(({ constraint }) => !constraint || (constraint.type === 'start_date' && constraint.start_date <= day))?.prices
    : prices
}

/** The package has it in dollars for a thousand. */
function searchesPer1k(model: ModelInfo, today: Date): bigint | null {
  const price = currentOf(model, today)?.web_searches_kcount
  return typeof price === 'number' ? BigInt(Math.round(price * 1_000_000_000)) : null
}

function priceOf(model: ModelInfo, today: Date): CatalogueEntry['price'] {
  const current = currentOf(model, today)
  if (!current || Object.keys(current).length === 0) return null
  const output = nanoUsdPer1k(current.output_mtok)
  return {
    inputPer1k: nanoUsdPer1k(current.input_mtok),
    outputPer1k: output,
    reasoningPer1k: output,
    cacheReadPer1k: nanoUsdPer1k(current.cache_read_mtok),
    cacheWritePer1k: nanoUsdPer1k(current.cache_write_mtok),
  }
}

/** From dollars per million. Where long prompts cost more, the base price. */
function nanoUsdPer1k(price: ModelPrice[string]): bigint | null {
  if (price === undefined) return null
  return BigInt(Math.round((typeof price === 'number' ? price : price.base) * 1_000_000))
}
