/** A little is as good as much, and costs nothing. */
const readLength = 1_000
/** Between the best guess and the next, as they score: neighbours such as Russian and Bulgarian share many words. */
const clearMargin = 0.02

/** What is in no language: code, addresses, names that begin with @ or #. */
const notWords = /```[\s\S]*?```|`[^`\n]*`|\b[a-z][a-z\d+.-]*:\/\/\S+|\bwww\.\S+|\S+@\S+|[@#]\S+/giu
const word = /[\p{L}\p{M}'’]+/gu
/** Scripts that put no spaces between words. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu

/**
 * The language of a text as a tag of BCP 47 without region. Null where it is short, ambiguous or no language: who asks must be able to rely on it. The first
 * call loads some megabytes.
 */
export async function detectLanguage(text: string): Promise<string | null> {
  const words = text.slice(0, readLength).replaceAll(notWords, ' ').match(word) ?? []
  const plain = words.join(' ')
  const isLong = words.length >= 3 && plain.length >= 12
  if (!isLong && (plain.match(unspaced)?.length ?? 0) < 5) return null
  const { eld } = await import('eld/extrasmall')
  const result = eld.detect(plain)
  const [best, next = 0] = Object.values(result.getScores()).toSorted((a, b) => b - a)
  return best !== undefined && best - next >= clearMargin && result.isReliable() ? result.language : null
}

/** A tag of BCP 47 in its canonical form, such as `de-CH`; null for anything else, since platforms and programs send all sorts of things. */
export function languageTag(text: string | undefined): string | null {
  try {
    return text ? (Intl.getCanonicalLocales(text)[0] ?? null) : null
  } catch {
    return null
  }
}
