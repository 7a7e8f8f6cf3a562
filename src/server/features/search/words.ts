/** Scripts that spaces alone do not cut into words: each two neighbours are indexed together. */
const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`
const token = new RegExp(
  String.raw`[${unspaced}][${unspaced}\p{M}ー]*|[[\p{L}\p{N}]--[${unspaced}]][[\p{L}\p{N}\p{M}]--[${unspaced}]]*`,
  'gv',
)
const startsUnspaced = new RegExp(`^[${unspaced}]`, 'v')
/** A tsvector holds words of up to 2,046 bytes, counts places up to this one and keeps so many of one word. */
const longestWord = 200
const lastPlace = 16_383
const placesKept = 255

export interface Token {
  /** As it is compared: without case, in Latin and Greek without accents. */
  word: string
  /** Where it stands in the text. */
  from: number
  to: number
  isUnspaced: boolean
}

/** The words of a text; a run of a script without spaces is one. */
export function tokensOf(text: string): Token[] {
  return Array.from(text.matchAll(token), (match) => ({
    word: fold(match[0]),
    from: match.index,
    to: match.index + match[0].length,
    isUnspaced: startsUnspaced.test(match[0]),
  }))
}

function fold(text: string): string {
  return (
    text
      .normalize('NFD')
      .replaceAll(/([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu, '$1')
      .normalize('NFKC')
      // One letter may stand for whole words: ﷺ is four of them.
      .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, '')
      .toLowerCase()
  )
}

/** What of a token stands in the index, in its order: the word, or each two neighbours and the last one. */
export function lexemesOf({ word, isUnspaced }: Pick<Token, 'word' | 'isUnspaced'>): string[] {
  if (!isUnspaced) return [word.slice(0, longestWord)]
  const characters = [...word]
  return characters.map((character, index) => character + (characters[index + 1] ?? ''))
}

/** The text as PostgreSQL writes a tsvector. Words are letters and digits, so nothing in them can end a quotation. */
export function vectorOf(text: string): string {
  const places = new Map<string, number[]>()
  let place = 0
  for (const one of tokensOf(text)) {
    for (const lexeme of lexemesOf(one)) {
      place = Math.min(place + 1, lastPlace)
      const known = places.get(lexeme)
      if (!known) places.set(lexeme, [place])
      else if (known.length < placesKept && known.at(-1) !== place) known.push(place)
    }
  }
  return Array.from(places, ([lexeme, at]) => `'${lexeme}':${at.join(',')}`).join(' ')
}
