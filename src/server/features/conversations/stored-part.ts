import type { JSONValue, SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { Part } from '../../../contract/messages.ts'

/**
 * A part as it is stored: with what its provider wants back in the next request (signatures of reasoning, thought tokens), and `isImported` where a tool elsewhere was
 * called, which models here are not told of. `provided` is the result of a tool that the provider ran, for the rest of the turn. Never sent to clients.
 */
export type StoredPart = Part & {
  providerMetadata?: SharedV4ProviderMetadata
  isImported?: true
  provided?: { result: JSONValue; metadata?: SharedV4ProviderMetadata }
}

export function withoutMetadata(part: StoredPart): Part {
  const { providerMetadata: _, isImported: __, provided: ___, ...wire } = part
  return wire
}
