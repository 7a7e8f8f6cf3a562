import { searchUsed, type WebSearch } from '../../../contract/web-search.ts'
import { type Llm, maxProviderSearches, providerSearchName } from '../../platform/llm/index.ts'
import type { ModelResolution } from '../models/index.ts'
import type { ProviderSearching } from './snapshot.ts'

export interface SearchPlan {
  used: WebSearch
  /** Names of what our own loop offers. */
  tools: string[]
  /** What the model's provider is told; null: it does not search. */
  ownSearch: ProviderSearching | null
}

/** Which search a turn is given, of those that were offered: one at most, so that a model need not choose between two. */
export async function planSearch(
  { llm }: { llm: Pick<Llm, 'catalogueEntry'> },
  resolution: Pick<ModelResolution, 'webSearch' | 'providerSearch' | 'location' | 'model' | 'connection'>,
  offered: readonly string[],
): Promise<SearchPlan> {
  const { webSearch, providerSearch, location, model, connection } = resolution
  const used = searchUsed(webSearch?.value ?? null, { service: offered.includes(providerSearchName), provider: providerSearch !== null })
  const tools = used === 'service' ? [...offered] : offered.filter((name) => name !== providerSearchName)
  if (used !== 'provider' || !providerSearch) return { used, tools, ownSearch: null }
  const entry = await llm.catalogueEntry(model.provider, model.internalName, connection.baseUrl)
  const per1k = entry?.searchesPer1k ?? null
  return {
    used,
    tools: providerSearch.takesTools ? tools : [],
    ownSearch: {
      location,
      takesTools: providerSearch.takesTools,
      per1k: per1k === null ? null : String(per1k),
    },
  }
}

/** What so many searches cost; nothing is added where the price list does not know it. */
export function costOfSearches(search: Pick<ProviderSearching, 'per1k'> | null | undefined, count: number): bigint {
  return search?.per1k ? (BigInt(search.per1k) * BigInt(count) + 999n) / 1000n : 0n
}

/** Held beside the tokens of a call that may search. */
export const searchReservation = (search: Pick<ProviderSearching, 'per1k'> | null | undefined): bigint =>
  costOfSearches(search, maxProviderSearches)
