import type { PersonalDataKind } from '../../../../contract/guardrail-choices.ts'
import { type Finding, inOrder } from './finding.ts'
import { findPersonalData } from './personal-data.ts'
import { findWords, wordLabel } from './words.ts'

/** What a rule that knows passages looks for. */
export interface Wanted {
  words: readonly string[]
  expressions: readonly string[]
  isCaseSensitive: boolean
  personal: readonly PersonalDataKind[]
}

/** More are not worth telling apart. */
const maxFound = 10_000

/** In the order of the text, none over another. May not end: whoever has expressions looked for must be able to stop it. */
export function findPassages(text: string, { words, expressions, isCaseSensitive, personal }: Wanted): Finding[] {
  const found = [...findWords(text, words, isCaseSensitive), ...findPersonalData(text, personal)]
  for (const source of expressions) {
    for (const match of text.matchAll(new RegExp(source, isCaseSensitive ? 'gu' : 'giu'))) {
      if (match[0] !== '') found.push({ start: match.index, end: match.index + match[0].length, label: wordLabel })
      if (found.length >= maxFound) break
    }
  }
  return inOrder(found)
}
