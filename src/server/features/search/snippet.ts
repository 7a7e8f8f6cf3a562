import type { Snippet } from '../../../contract/search.ts'
import type { Term } from './query.ts'
import { type Token, tokensOf } from './words.ts'

const before = 60
const length = 220

interface Hit {
  from: number
  to: number
  term: number
}

/** The stretch of a text that says most of what was looked for, its hits marked. */
export function snippetOf(text: string, terms: readonly Term[], stems: ReadonlyMap<string, readonly string[]>): Snippet {
  const hits = findHits(text, terms, stems)
  const start = startOf(text, best(hits)?.from ?? 0)
  const end = endOf(text, Math.min(text.length, start + length))
  const parts: Snippet = []
  const add = (from: number, to: number, isHit: boolean) => {
    const piece = text.slice(from, to).replaceAll(/\s+/g, ' ')
    if (piece !== '') parts.push({ text: piece, isHit })
  }
  if (start > 0) parts.push({ text: '… ', isHit: false })
  let at = start
  for (const hit of hits) {
    if (hit.from < at || hit.to > end) continue
    add(at, hit.from, false)
    add(hit.from, hit.to, true)
    at = hit.to
  }
  add(at, end, false)
  if (end < text.length) parts.push({ text: ' …', isHit: false })
  return parts
}

/** The hit that has most different terms behind it within the stretch. */
function best(hits: readonly Hit[]): Hit | undefined {
  let found: { hit: Hit; terms: number } | undefined
  hits.forEach((hit, index) => {
    const terms = new Set<number>()
    for (let next = index; next < hits.length && hits[next]!.to <= hit.from + length - before; next++) terms.add(hits[next]!.term)
    if (!found || terms.size > found.terms) found = { hit, terms: terms.size }
  })
  return found?.hit
}

/** At most so many, so that a text that is one word over and over costs no more than another. */
const mostHits = 400

function findHits(text: string, terms: readonly Term[], stems: ReadonlyMap<string, readonly string[]>): Hit[] {
  const hits: Hit[] = []
  for (const token of tokensOf(text)) {
    if (hits.length >= mostHits) break
    terms.some((term, index) => {
      const place = placeIn(token, term, stems)
      if (place) hits.push({ ...place, term: index })
      return place !== undefined
    })
  }
  return hits
}

function placeIn(token: Token, term: Term, stems: ReadonlyMap<string, readonly string[]>): { from: number; to: number } | undefined {
  const { word, from, to, isUnspaced } = token
  for (const [index, wanted] of term.words.entries()) {
    if (isUnspaced) {
      const at = word.indexOf(wanted)
      // Where folding changed the length nobody knows what stands where.
      if (at >= 0) return word.length === to - from ? { from: from + at, to: from + at + wanted.length } : { from, to }
    } else if (word === wanted || (term.isBeginning && index === term.words.length - 1 && word.startsWith(wanted))) return { from, to }
  }
  const [only = ''] = term.lexemes
  if (term.lexemes.length !== 1 || isUnspaced) return undefined
  // Which words have a stem in common is known to the database only; one that begins with it and is little longer is taken for it.
  const isForm = [only, ...(stems.get(only) ?? [])].some(
    (stem) => stem.length >= 3 && word.startsWith(stem) && word.length <= stem.length + 4,
  )
  return isForm ? { from, to } : undefined
}

function startOf(text: string, hit: number): number {
  if (hit <= before) return 0
  const from = hit - before
  const space = text.slice(from, hit).search(/\s/)
  return space < 0 ? whole(text, from) : from + space + 1
}

function endOf(text: string, end: number): number {
  if (end >= text.length) return text.length
  const space = text.slice(0, end).search(/\s\S*$/)
  return space < end - 40 ? whole(text, end) : space
}

/** Not in the middle of a pair of surrogates. */
const whole = (text: string, at: number): number => (/[\uDC00-\uDFFF]/.test(text[at] ?? '') ? at - 1 : at)
