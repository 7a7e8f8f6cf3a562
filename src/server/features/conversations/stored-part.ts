import type { SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { Part } from '../../../contract/messages.ts'

/**
 * A part as it is stored: with what its provider wants back in the next request (signatures of reasoning, thought tokens), and `isImported` where a tool elsewhere was
 * called, which models here are not told of. Never sent to clients.
 */
export type StoredPart = Part & { providerMetadata?: SharedV4ProviderMetadata; isImported?: true }

export function withoutMetadata(part: StoredPart): Part {
  const { providerMetadata: _, isImported: __, ...wire } = part
  return wire
}
