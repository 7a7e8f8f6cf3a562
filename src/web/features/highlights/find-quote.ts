import type { TextQuote } from '../../../contract/highlights.ts'

export interface Place {
  start: number
  end: number
}

/** Pieces of this length are looked for approximately; long passages by their beginning and their end. */
const pieceLength = 32
/** Of a piece that many letters in four may differ. */
const tolerance = 0.25
/** Shorter passages would be found everywhere if they only had to be similar. */
const minFuzzyLength = 12
const minSimilarity = 0.6

/**
 * Where a quoted passage stands in a text: exactly, whatever its blank space, by what stands around it and then by where it was; or, where the text has
 * shifted or changed a little, where something very similar stands. Undefined where nothing does.
 */
export function findQuote(text: string, quote: TextQuote, near: number | null): Place | undefined {
  const hay = squeeze(text)
  const needle = squeeze(quote.exact).text.trim()
  if (needle === '') return undefined
  const found = findExactly(hay, needle, quote, near) ?? findSimilar(hay.text, needle)
  return found && { start: hay.offsets[found.start]!, end: hay.offsets[found.end - 1]! + 1 }
}

interface Squeezed {
  text: string
  /** Of each letter: where it stands in the text as it was. */
  offsets: number[]
}

/** Runs of blank space as one blank. */
function squeeze(text: string): Squeezed {
  const letters: string[] = []
  const offsets: number[] = []
  for (let at = 0; at < text.length; at += 1) {
    const isBlank = /\s/.test(text[at]!)
    if (isBlank && (letters.length === 0 || letters.at(-1) === ' ')) continue
    letters.push(isBlank ? ' ' : text[at]!)
    offsets.push(at)
  }
  return { text: letters.join(''), offsets }
}

function findExactly(hay: Squeezed, needle: string, { prefix, suffix }: TextQuote, near: number | null): Place | undefined {
  const before = squeeze(prefix).text.trimStart()
  const after = squeeze(suffix).text
  let best: (Place & { score: number }) | undefined
  for (let at = hay.text.indexOf(needle); at >= 0; at = hay.text.indexOf(needle, at + 1)) {
    const end = at + needle.length
    const around =
      commonEnd(hay.text.slice(0, at).trimEnd(), before.trimEnd()) + commonStart(hay.text.slice(end).trimStart(), after.trimStart())
    const score = around - (near === null ? 0 : Math.abs(hay.offsets[at]! - near) / (hay.offsets.at(-1)! + 1))
    if (!best || score > best.score) best = { start: at, end, score }
  }
  return best
}

function commonStart(a: string, b: string): number {
  let length = 0
  while (length < b.length && a[length] === b[length]) length += 1
  return length
}

function commonEnd(a: string, b: string): number {
  let length = 0
  while (length < b.length && length < a.length && a[a.length - 1 - length] === b[b.length - 1 - length]) length += 1
  return length
}

function findSimilar(hay: string, needle: string): Place | undefined {
  if (needle.length < minFuzzyLength) return undefined
  if (needle.length <= pieceLength) return matches(hay, needle).toSorted((a, b) => a.errors - b.errors)[0]
  const heads = matches(hay, needle.slice(0, pieceLength))
  const tails = matches(hay, needle.slice(-pieceLength))
  let best: (Place & { similarity: number }) | undefined
  for (const head of heads) {
    for (const tail of tails) {
      const length = tail.end - head.start
      if (length < needle.length * 0.6 || length > needle.length * 1.5) continue
      const similarity = likeness(hay.slice(head.start, tail.end), needle)
      if (similarity >= minSimilarity && (!best || similarity > best.similarity)) best = { start: head.start, end: tail.end, similarity }
    }
  }
  return best
}

interface Match extends Place {
  errors: number
}

/**
 * Places where something within the tolerance stands (Sellers 1980: edit distance with a free beginning, which remembers where each match began). Of overlapping ones
 * the best.
 */
function matches(hay: string, piece: string): Match[] {
  const limit = Math.floor(piece.length * tolerance)
  let costs = Array.from({ length: piece.length + 1 }, (_, row) => row)
  let starts = costs.map(() => 0)
  const found: Match[] = []
  for (let column = 1; column <= hay.length; column += 1) {
    const nextCosts = [0]
    const nextStarts = [column]
    for (let row = 1; row <= piece.length; row += 1) {
      const replaced = costs[row - 1]! + (hay[column - 1] === piece[row - 1] ? 0 : 1)
      const inserted = costs[row]! + 1
      const left = nextCosts[row - 1]! + 1
      const cost = Math.min(replaced, inserted, left)
      nextCosts.push(cost)
      nextStarts.push(cost === replaced ? starts[row - 1]! : cost === inserted ? starts[row]! : nextStarts[row - 1]!)
    }
    costs = nextCosts
    starts = nextStarts
    const match = { start: starts[piece.length]!, end: column, errors: costs[piece.length]! }
    if (match.errors > limit || match.end <= match.start) continue
    const last = found.at(-1)
    if (!last || match.start >= last.end) found.push(match)
    else if (match.errors < last.errors) found[found.length - 1] = match
  }
  return found
}

/** Of 0 to 1: how many pairs of neighbouring letters two texts share (Dice). */
function likeness(a: string, b: string): number {
  const pairs = new Map<string, number>()
  for (let at = 1; at < a.length; at += 1) pairs.set(a.slice(at - 1, at + 1), (pairs.get(a.slice(at - 1, at + 1)) ?? 0) + 1)
  let shared = 0
  for (let at = 1; at < b.length; at += 1) {
    const count = pairs.get(b.slice(at - 1, at + 1)) ?? 0
    if (count === 0) continue
    shared += 1
    pairs.set(b.slice(at - 1, at + 1), count - 1)
  }
  return (2 * shared) / (a.length + b.length - 2)
}
