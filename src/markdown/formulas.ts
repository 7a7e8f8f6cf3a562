/** A formula on lines of its own: from `$$` or `\[` to its partner, with nothing else on the line that closes it. */
export interface FormulaBlock {
  text: string
  end: number
  isClosed: boolean
}

/** TeX knows no blank line inside a formula, and nobody reads longer ones. */
const maxLines = 60
const maxLength = 4000

const opening = /^ {0,3}(\$\$(?!\$)|\\\[)/
const blank = /^[ \t]*$/
/** Another beginning inside says that the first was none. `\\\\[2pt]` is the end of a row. */
const again: Record<string, RegExp> = { '\\[': /(?<!\\)\\\[/, '\\(': /(?<!\\)\\\(/ }
const partner: Record<string, string> = { $$: '$$', '\\[': '\\]', '\\(': '\\)' }

/** Whether a formula begins on this line and nothing stands behind one that ends on it. */
export function opensFormula(line: string): boolean {
  const mark = opening.exec(line)
  if (!mark) return false
  const close = line.indexOf(partner[mark[1]!]!, mark[0].length)
  return close < 0 || (blank.test(line.slice(close + 2)) && !blank.test(line.slice(mark[0].length, close)))
}

/** The formula that begins on a line. One that nothing closes yet reaches to the end of the text, as long as no blank line says that it is none. */
export function formulaBlock(lines: readonly string[], start: number): FormulaBlock | undefined {
  if (!opensFormula(lines[start]!)) return undefined
  const mark = opening.exec(lines[start]!)!
  const close = partner[mark[1]!]!
  const text: string[] = []
  for (let at = start; at < Math.min(lines.length, start + maxLines); at += 1) {
    const line = at === start ? lines[at]!.slice(mark[0].length) : lines[at]!
    const end = line.indexOf(close)
    if (end >= 0) {
      text.push(line.slice(0, end))
      const isFormula = blank.test(line.slice(end + 2)) && text.some((part) => !blank.test(part))
      return isFormula ? { text: text.join('\n').trim(), end: at + 1, isClosed: true } : undefined
    }
    // The last line may be going on.
    if (at > start && blank.test(line) && at < lines.length - 1) return undefined
    if (again[mark[1]!]?.test(line)) return undefined
    text.push(line)
  }
  return start + maxLines < lines.length ? undefined : { text: text.join('\n').trim(), end: lines.length, isClosed: false }
}

/** An amount of money and then words: `$5 million for US$`. */
const amount = /^\d[\d.,]*\s*(?:%|k|m|bn)?(?:[\s,;:–-]+[\p{L}]{2,}|[\s,;:–-]+$)/iu
/** Scripts without spaces stand beside a formula as they stand beside a word. */
const wordSign = /[\p{Script=Latin}\p{Script=Cyrillic}\p{N}$]/u

/** Finds formulas within a sentence. Each position of a text is looked at once, however many marks have no partner. */
export class FormulaFinder {
  readonly #text: string
  readonly #next = new Map<string, number>()

  constructor(text: string) {
    this.#text = text
  }

  /** The formula that begins at a position, where `$`, `\(` or `\[` stands. */
  at(start: number): { tex: string; source: string; isDisplay: boolean } | undefined {
    const text = this.#text
    if (text[start] === '\\') return this.#between(start, text.slice(start, start + 2))
    if (text[start - 1] === '$') return undefined
    return text[start + 1] === '$' ? this.#between(start, '$$') : this.#inDollars(start)
  }

  #between(start: number, open: string) {
    const close = partner[open]!
    const from = start + open.length
    const end = this.#find(close, from)
    if (end < 0 || end - from > maxLength) return undefined
    const tex = this.#text.slice(from, end)
    const source = this.#text.slice(start, end + close.length)
    // `\[a\](b)` is how somebody writes about links; `\[` inside is the beginning of another.
    const behind = this.#text[end + close.length] ?? ''
    if (tex.trim() === '' || again[open]?.test(tex) || (open === '$$' ? behind === '$' : open === '\\[' && /[([:]/.test(behind)))
      return undefined
    return { tex: tex.trim(), source, isDisplay: open !== '\\(' }
  }

  /** The rules by which prices, shell variables and the like stay what they are. */
  #inDollars(start: number) {
    const text = this.#text
    if (start > 0 && wordSign.test(text[start - 1]!)) return undefined
    if (/^[\s$]?$/.test(text[start + 1] ?? '')) return undefined
    let end = start + 1
    while (end < text.length && text[end] !== '$' && end - start <= maxLength) end += text[end] === '\\' ? 2 : 1
    if (text[end] !== '$' || /\s/.test(text[end - 1]!) || wordSign.test(text[end + 1] ?? ' ')) return undefined
    const tex = text.slice(start + 1, end)
    return tex.includes('`') || amount.test(tex) ? undefined : { tex, source: text.slice(start, end + 1), isDisplay: false }
  }

  #find(mark: string, from: number): number {
    const known = this.#next.get(mark)
    if (known !== undefined && (known < 0 || known >= from)) return known
    const found = this.#text.indexOf(mark, from)
    this.#next.set(mark, found)
    return found
  }
}
