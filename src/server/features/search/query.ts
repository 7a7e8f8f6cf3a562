import { lexemesOf, type Token, tokensOf } from './words.ts'

/** One thing that a hit must say: a word, a phrase in quotation marks, a run of a script without spaces. */
export interface Term {
  lexemes: string[]
  /** As it is looked for in a text. */
  words: string[]
  /** The last one while somebody types: what it begins. */
  isBeginning: boolean
  isUnspaced: boolean
}

const mostTerms = 12
/** Shorter beginnings fit too many words for the index; they are looked for in the newest messages only. */
const shortestBeginning = 5

/** What somebody typed, as terms. What stands in quotation marks, or without a space in between, stands together in a hit. */
export function termsOf(typed: string): Term[] {
  const chunks = Array.from(typed.matchAll(/"([^"]*)"?|[^\s"]+/g), (match) => ({
    text: match[1] ?? match[0],
    isQuoted: match[1] !== undefined,
  }))
  const isOpen = /[^\s"]$/.test(typed)
  const terms = chunks.flatMap(({ text, isQuoted }, index) => {
    const tokens = tokensOf(text)
    return tokens.length === 0 ? [] : [toTerm(tokens, isOpen && !isQuoted && index === chunks.length - 1)]
  })
  return terms.slice(0, mostTerms)
}

function toTerm(tokens: readonly Token[], isLast: boolean): Term {
  const last = tokens.at(-1)!
  // A pair of neighbours ends with the run, unless it is only one character.
  const lexemes = tokens.flatMap((one) => {
    const all = lexemesOf(one)
    return one.isUnspaced && all.length > 1 ? all.slice(0, -1) : all
  })
  return {
    lexemes,
    words: tokens.map(({ word }) => word),
    isBeginning: last.isUnspaced ? [...last.word].length === 1 : isLast,
    isUnspaced: last.isUnspaced,
  }
}

/** The term as PostgreSQL writes a tsquery: the words as they are, or where it is one word, its stems. */
function toQuery(term: Term, stems: ReadonlyMap<string, readonly string[]>, beginsFrom: number): string {
  const [only = '', ...more] = term.lexemes
  const last = term.lexemes.at(-1)!
  const begins = term.isBeginning && (term.isUnspaced || [...last].length >= beginsFrom)
  const quoted = term.lexemes.map((lexeme, index) => `'${lexeme}'${begins && index === term.lexemes.length - 1 ? ':*' : ''}`)
  if (more.length > 0) return `(${quoted.join(' <-> ')})`
  return `(${[...quoted, ...(stems.get(only) ?? []).map((stem) => `'${stem}'`)].join(' | ')})`
}

export interface Queries {
  /** For the index; the marks say whose. */
  everywhere: string
  /** For the newest messages, and for ranking. */
  lately: string
}

export function toQueries(terms: readonly Term[], stems: ReadonlyMap<string, readonly string[]>, marks: readonly string[][]): Queries {
  const scope = marks.filter((any) => any.length > 0).map((any) => `(${any.map((mark) => `'${mark}'`).join(' | ')})`)
  return {
    everywhere: [...scope, ...terms.map((term) => toQuery(term, stems, shortestBeginning))].join(' & '),
    lately: terms.map((term) => toQuery(term, stems, 1)).join(' & '),
  }
}
