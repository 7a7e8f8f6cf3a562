import type { SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { Part } from '../../../contract/messages.ts'

/** A part as it is stored: with what its provider wants back in the next request (signatures of reasoning, thought tokens). Never sent to clients. */
export type StoredPart = Part & { providerMetadata?: SharedV4ProviderMetadata }

export function withoutMetadata(part: StoredPart): Part {
  const { providerMetadata: _, ...wire } = part
  return wire
}
