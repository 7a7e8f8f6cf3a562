// What searches the web for an answer: the same rule on the server and on the screens.

export const webSearches = ['off', 'service', 'provider'] as const
/** `service`: what the workspace added. `provider`: the search of the model's own provider, which the provider runs. */
export type WebSearch = (typeof webSearches)[number]

/** What of it is there: nothing, one, or both. */
export interface SearchesThere {
  service: boolean
  provider: boolean
}

export const searchesOf = ({ service, provider }: SearchesThere): ('service' | 'provider')[] => [
  ...(service ? (['service'] as const) : []),
  ...(provider ? (['provider'] as const) : []),
]

/**
 * What is used where this was chosen. The provider's own search that the model of now does not have gives way to the service; nothing gives way to the provider's, which is paid by
 * another account and told other things. Null: nobody chose, so the service where there is one, since somebody added it to be used.
 */
export function searchUsed(chosen: WebSearch | null, there: SearchesThere): WebSearch {
  if (chosen === 'off') return 'off'
  if (chosen === 'provider' && there.provider) return 'provider'
  return there.service ? 'service' : 'off'
}
