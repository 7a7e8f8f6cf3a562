import type { Finding } from './finding.ts'

export const wordLabel = 'hidden'

const known = new WeakMap<readonly string[], RegExp>()

/** All in one expression, so that a text is read once however many words there are. It holds nothing but words and spaces, so it cannot take long. */
function expressionOf(words: readonly string[], isCaseSensitive: boolean): RegExp {
  let expression = known.get(words)
  if (!expression) {
    const escaped = words
      .toSorted((a, b) => b.length - a.length)
      .map((word) => word.replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`).replaceAll(/\s+/g, String.raw`\s{1,8}`))
    expression = new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${escaped.join('|')})(?![\p{L}\p{N}_])`, isCaseSensitive ? 'gu' : 'giu')
    known.set(words, expression)
  }
  return expression
}

export function findWords(text: string, words: readonly string[], isCaseSensitive: boolean): Finding[] {
  if (words.length === 0) return []
  return Array.from(text.matchAll(expressionOf(words, isCaseSensitive)), ({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
    label: wordLabel,
  }))
}

/** The longest passage that these can find. */
export const longestOf = (words: readonly string[]): number =>
  words.reduce((longest, word) => Math.max(longest, word.length + 8 * (word.match(/\s+/g)?.length ?? 0)), 0)
