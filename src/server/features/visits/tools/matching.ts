/** Words that say nothing about what is looked for. */
const minLength = 3

/**
 * Those that share words with what was asked, the best first: a word counts by its beginning, so that "courses" finds "course", and more where fewer of them
 * have it. Only what comes near the best is kept.
 */
export function matching<Item>(items: readonly Item[], asked: string, textsOf: (item: Item) => string[]): Item[] {
  const wanted = [...new Set(wordsOf(asked))]
  const known = items.map((item) => ({ item, weighted: textsOf(item).map((text) => new Set(wordsOf(text))) }))
  const scores = known.map(() => 0)
  for (const word of wanted) {
    const hits = known.map(({ weighted: [first = new Set<string>(), ...rest] }) =>
      has(first, word) ? 2 : rest.some((words) => has(words, word)) ? 1 : 0,
    )
    const count = hits.filter((hit) => hit > 0).length
    if (count === 0) continue
    const rarity = Math.log(1 + items.length / count)
    hits.forEach((hit, index) => (scores[index]! += hit * rarity))
  }
  const best = Math.max(0, ...scores)
  return known
    .map(({ item }, index) => ({ item, score: scores[index]! }))
    .filter(({ score }) => score > 0 && score >= best * 0.6)
    .toSorted((one, other) => other.score - one.score)
    .map(({ item }) => item)
}

function has(words: ReadonlySet<string>, wanted: string): boolean {
  if (words.has(wanted)) return true
  const stem = wanted.slice(0, Math.max(4, wanted.length - 2))
  return wanted.length > 4 && [...words].some((word) => word.startsWith(stem) && Math.abs(word.length - wanted.length) <= 3)
}

const segmenter = new Intl.Segmenter('und', { granularity: 'word' })

/** Also of scripts that put no spaces between words. */
function wordsOf(text: string): string[] {
  return [...segmenter.segment(text.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, ''))]
    .filter(
      ({ segment, isWordLike }) =>
        isWordLike && (segment.length >= minLength || /[^\p{Script=Latin}\d]/u.test(segment)) && !common.has(segment),
    )
    .map(({ segment }) => segment)
}

const common: ReadonlySet<string> = new Set(
  (
    'the and for are you your how what when where who why which can does did with from this that have has will would could should about there their our ' +
    'der die das und ist sind wie was wann wo wer warum ich sie ihr mit von fur auf ein eine kann les des une est que qui pour avec dans sur con los las por para como'
  ).split(' '),
)
