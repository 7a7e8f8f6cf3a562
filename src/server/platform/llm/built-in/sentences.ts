const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

const stopWords = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by can could did do does doing done down during each few find for from further
get give had has have having he her here hers him his how i if in into is it its itself just let like make me mention mentioned mentions more most my no nor not of off on once only or other our out over own
please quote said same say says sentence she should show so some such tell text than that the their them then there these they this those through to too under until up us very was we were what when where which while
who whom why will with would you your`.split(/\s+/),
)

/** Sentences and list items, without Markdown's marks at the front. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/\n+/)
    .map((line) => line.replace(/^\s*(?:[-*+>#]+|\d+\.)\s+/, '').trim())
    .flatMap((line) => [...segmenter.segment(line)].map(({ segment }) => segment.trim()))
    .filter((sentence) => /[\p{L}\d]/u.test(sentence))
}

export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? []
}

/** A word without the endings of plurals and verbs, so that `keys`, `adding` and `added` find `key` and `add`. */
export function stem(word: string): string {
  const lower = word.toLowerCase().replace(/['’]s$/, '')
  for (const [ending, replacement] of [
    ['ies', 'y'],
    ['ing', ''],
    ['ed', ''],
    ['es', 'e'],
    ['s', ''],
  ] as const) {
    if (lower.endsWith(ending) && lower.length - ending.length >= 3 && !lower.endsWith('ss')) {
      return (lower.slice(0, -ending.length) + replacement).replace(/([bdgmnprt])\1$/, '$1').replace(/(?<=..)e$/, '')
    }
  }
  return lower.replace(/(?<=...)e$/, '')
}

/** The stems that carry meaning, each once. */
export function keywordsOf(text: string): string[] {
  const all = wordsOf(text).filter((word) => !stopWords.has(word.toLowerCase()))
  return [...new Set(all.map(stem))]
}

/** The sentences that hold most of a text's recurring words, in the order of the text. This is how one summarises without understanding. */
export function keySentences(text: string, count: number): string[] {
  const sentences = sentencesOf(text)
  if (sentences.length <= count) return sentences
  const frequency = new Map<string, number>()
  for (const sentence of sentences) for (const word of keywordsOf(sentence)) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  const scored = sentences.map((sentence, index) => {
    const keywords = keywordsOf(sentence)
    const weight = keywords.reduce((sum, word) => sum + Math.log(1 + (frequency.get(word) ?? 0)), 0)
    // Long sentences win otherwise by their length alone; the first one usually says what it is about.
    return { sentence, index, score: (weight / Math.sqrt(keywords.length + 3)) * (index === 0 ? 1.3 : 1) }
  })
  return scored
    .toSorted((a, b) => b.score - a.score)
    .slice(0, count)
    .toSorted((a, b) => a.index - b.index)
    .map(({ sentence }) => sentence)
}

/** The sentences that mention most of what is asked for, best first; none if fewer than half of its words appear. */
export function mentionsOf(text: string, wanted: string, count: number): string[] {
  const keywords = keywordsOf(wanted)
  if (keywords.length === 0) return []
  return sentencesOf(text)
    .map((sentence, index) => {
      const present = new Set(keywordsOf(sentence))
      return { sentence, index, share: keywords.filter((word) => present.has(word)).length / keywords.length }
    })
    .filter(({ share }) => share >= 0.5)
    .toSorted((a, b) => b.share - a.share || a.index - b.index)
    .slice(0, count)
    .map(({ sentence }) => sentence)
}

export function quoted(text: string, maxLength = 400): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength - 1).trimEnd()}…` : text
  return cut
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
}
