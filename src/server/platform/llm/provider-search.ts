import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { baseUrlOf, speaksResponses } from './base-url.ts'
import type { ModelTarget } from './index.ts'

/** Where somebody is, as far as they said it. */
export interface SearchLocation {
  lat: number | null
  lng: number | null
  city: string | null
  region: string | null
  country: string | null
  timezone: string | null
}

export interface ProviderSearch {
  /** Other tools may be offered beside it. */
  takesTools: boolean
}

/** The name under which a provider's search is called and shown. */
export const providerSearchName = 'web_search'

/** So often a provider may search for one call, where it can be told. */
export const maxProviderSearches = 5

/** About a kilometre: nearer is nobody's business, and no search's need. */
const decimals = 2

/**
 * Whether a model's provider searches the web for it: what is documented and its package translates, null for everything else.
 * Sources: OpenAI, "Web search > Limitations"; Anthropic, "Web search tool > Supported models"; Gemini API, "Grounding with Google Search" and "Combine built-in tools and function
 * calling"; xAI, "Web search".
 */
export function providerSearch(target: Pick<ModelTarget, 'provider' | 'internalName' | 'baseUrl'>): ProviderSearch | null {
  const name = target.internalName
  const isThere = (pattern: RegExp, takesTools = true) => (pattern.test(name) ? { takesTools } : null)
  switch (target.provider) {
    case 'openai':
      if (!speaksResponses(baseUrlOf(target))) return null
      return isThere(/^(gpt-4o(-mini)?|gpt-4\.1(-mini)?|o3|o4-mini|gpt-[5-9](\.\d+)?(-mini|-nano|-pro)?)(-\d{4}-\d\d-\d\d)?$/)
    case 'anthropic':
      return isThere(/^claude-(3-5-haiku|3-7-sonnet|(opus|sonnet|haiku|fable|mythos)-([4-9]|\d\d)(?!\d))/)
    case 'google':
      if (/image|tts|live|audio|embedding|robotics|computer/.test(name)) return null
      return isThere(/^gemini-[3-9]/) ?? isThere(/^gemini-(2\.\d|flash|pro)/, false)
    case 'xai':
      return isThere(/^grok-([4-9])/)
    default:
      return null
  }
}

/** What is added to a call so that the provider searches; each is told the place in its own form. */
export function searchOptions(
  provider: ModelTarget['provider'],
  location: SearchLocation | null,
): Pick<LanguageModelV4CallOptions, 'tools' | 'providerOptions'> {
  const tool = (id: `${string}.${string}`, args: Record<string, unknown> = {}) => ({
    tools: [{ type: 'provider' as const, id, name: providerSearchName, args }],
  })
  const userLocation = location && approximate(location)
  const near = userLocation ? { userLocation } : {}
  switch (provider) {
    case 'openai':
      return tool('openai.web_search', near)
    case 'anthropic':
      return tool('anthropic.web_search_20250305', { maxUses: maxProviderSearches, ...near })
    case 'google': {
      const latLng = location && onTheMap(location)
      return { ...tool('google.google_search'), ...(latLng && { providerOptions: { google: { retrievalConfig: { latLng } } } }) }
    }
    case 'xai':
      return tool('xai.web_search')
    default:
      return {}
  }
}

/** OpenAI's and Anthropic's. Undefined where nothing is known. */
function approximate({ city, region, country, timezone }: SearchLocation) {
  const known = { city, region, country: country && countryCode(country), timezone }
  const given = Object.fromEntries(Object.entries(known).filter(([, value]) => value))
  return Object.keys(given).length > 0 ? { type: 'approximate' as const, ...given } : undefined
}

function onTheMap({ lat, lng }: SearchLocation) {
  if (lat === null || lng === null) return undefined
  return { latitude: Number(lat.toFixed(decimals)), longitude: Number(lng.toFixed(decimals)) }
}

let codes: Map<string, string> | undefined

/** Two letters, from two letters or an English name. Null for what is neither: a provider refuses the whole call for it. */
export function countryCode(country: string): string | null {
  codes ??= new Map(allCodes())
  return codes.get(country.trim().toLowerCase()) ?? null
}

function* allCodes(): Iterable<[string, string]> {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  for (const first of letters) {
    for (const second of letters) {
      const name = names.of(first + second)
      // What is written another way now (UK, SU) is no code of ISO 3166.
      if (name === undefined || Intl.getCanonicalLocales(`und-${first}${second}`)[0] !== `und-${first}${second}`) continue
      yield [name.toLowerCase(), first + second]
      yield [(first + second).toLowerCase(), first + second]
    }
  }
}
