import { beginningOf } from '../db/index.ts'

// Controls, marks of direction and characters that are not seen: text could be hidden from whoever reads it, and not from a model.
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu

/** Words from a stranger's server, as they may stand before people and models: bounded, without what is not seen; lines stay where `lines` says so. */
export function plainWords(text: string, maxLength: number, lines: 'keep' | 'join' = 'join'): string {
  const seen = text.replaceAll(unseen, (character) =>
    character === '\n' || character === '\t' ? (lines === 'keep' ? character : ' ') : '',
  )
  const trimmed = seen.trim()
  return trimmed.length > maxLength ? `${beginningOf(trimmed, maxLength - 1)}…` : trimmed
}
