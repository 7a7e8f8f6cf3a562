import { findAddresses } from './bare-addresses.ts'
import { type References, referenceName } from './blocks.ts'
import { decodeEntity } from './entities.ts'
import { FormulaFinder } from './formulas.ts'
import { type Bracket, buildTree, type Inline, type Piece, type Run } from './inline-tree.ts'
import { RunList } from './run-list.ts'

const special = /[\\`*_~[\]!<&\n$]/g
const escapable = /[!-/:-@[-`{-~]/
const angleAddress = /<(https?:\/\/[^\s<>]{1,2000}|(?:mailto:)?[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})>/iy
const lineBreak = /<br[ \t]*\/?>/iy
const whiteSpace = /^[\s\u00a0]?$/u
const punctuation = /[\p{P}\p{S}]/u
/** Scripts written without spaces: a mark beside them may open or close where CommonMark would want a space. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u
const destination =
  /\([ \t\n]*(?:<([^<>\n]{0,2000})>|((?:\\.|[^\s\\()<]|\((?:\\.|[^\s\\()]|\([^\s()]{0,200}\)){0,500}\)){0,2000}))(?:[ \t\n]+(?:"((?:\\.|[^"\\]){0,500})"|'((?:\\.|[^'\\]){0,500})'|\(([^()]{0,500})\)))?[ \t\n]*\)/y
const label = /\[([^[\]]{0,500})\]/y

/**
 * The marks inside a block, after CommonMark's algorithm, with GFM's strikethrough and bare addresses. Linear in the length of the text.
 * `isOpen`: more may come. What has been opened at the end is shown as if it were closed, so that text does not change its look twice. */
export function parseInline(text: string, references: References, isOpen = false): Inline[] {
  return new Parser(isOpen ? text.replace(/(?:[*_~`]+|!?\[)$/, '') : text, references, isOpen).parse()
}

class Parser {
  readonly #text: string
  readonly #references: References
  readonly #isOpen: boolean
  readonly #pieces: Piece[] = []
  readonly #brackets: Bracket[] = []
  readonly #addresses: { start: number; end: number }[]
  /** Lengths of backtick runs that have no partner behind a position: not looked for again. */
  readonly #unclosed = new Set<number>()
  readonly #runs = new RunList()
  readonly #formulas: FormulaFinder
  /** Brackets below this cannot become links any more: links do not nest. */
  #linkFloor = 0
  #at = 0

  constructor(text: string, references: References, isOpen: boolean) {
    this.#text = text
    this.#references = references
    this.#isOpen = isOpen
    this.#formulas = new FormulaFinder(text)
    this.#addresses = text.includes('://') || /www\./i.test(text) ? findAddresses(text) : []
  }

  parse(): Inline[] {
    const text = this.#text
    let address = 0
    while (this.#at < text.length) {
      while (address < this.#addresses.length && this.#addresses[address]!.start < this.#at) address += 1
      const bare = this.#addresses[address]
      special.lastIndex = this.#at
      const next = special.exec(text)?.index ?? text.length
      if (bare && bare.start <= next) {
        this.#addText(text.slice(this.#at, bare.start))
        const shown = text.slice(bare.start, bare.end)
        this.#pieces.push({ type: 'link', url: /^www/i.test(shown) ? `https://${shown}` : shown, title: '', children: [shown] })
        this.#at = bare.end
        continue
      }
      this.#addText(text.slice(this.#at, next))
      this.#at = next
      if (next < text.length) this.#readSpecial(text[next]!)
    }
    this.#runs.pair(undefined)
    const end = this.#isOpen ? this.#runs.closeOpen() : undefined
    if (end) this.#pieces.push(end)
    return buildTree(this.#pieces)
  }

  #addText(text: string): void {
    if (text === '') return
    const last = this.#pieces.length - 1
    const before = this.#pieces[last]
    if (typeof before === 'string') this.#pieces[last] = before + text
    else this.#pieces.push(text)
  }

  #readSpecial(character: string): void {
    switch (character) {
      case '\\':
        return this.#readEscape()
      case '`':
        return this.#readCode()
      case '\n':
        return this.#readLineEnd()
      case '[':
        return this.#openBracket(false)
      case ']':
        return this.#closeBracket()
      case '!':
        return this.#text[this.#at + 1] === '[' ? this.#openBracket(true) : this.#take(1)
      case '<':
        return this.#readAngle()
      case '$':
        return this.#readFormula() ? undefined : this.#take(this.#text[this.#at + 1] === '$' ? 2 : 1)
      case '&': {
        const entity = decodeEntity(this.#text, this.#at)
        if (!entity) return this.#take(1)
        this.#addText(entity.text)
        this.#at = entity.end
        return
      }
      default:
        return this.#readRun(character)
    }
  }

  #take(length: number): void {
    this.#addText(this.#text.slice(this.#at, this.#at + length))
    this.#at += length
  }

  #readEscape(): void {
    const next = this.#text[this.#at + 1]
    if ((next === '(' || next === '[') && this.#readFormula()) return
    if (next === '\n') {
      this.#pieces.push({ type: 'break' })
      this.#at += 2
    } else if (next !== undefined && escapable.test(next)) {
      this.#addText(next)
      this.#at += 2
    } else this.#take(1)
  }

  #readFormula(): boolean {
    const formula = this.#formulas.at(this.#at)
    if (!formula) return false
    this.#pieces.push({ type: 'formula', ...formula })
    this.#at += formula.source.length
    return true
  }

  #readLineEnd(): void {
    const last = this.#pieces.length - 1
    const before = this.#pieces[last]
    if (typeof before === 'string' && before.endsWith('  ')) {
      this.#pieces[last] = before.trimEnd()
      this.#pieces.push({ type: 'break' })
      this.#at += 1
    } else this.#take(1)
  }

  #readCode(): void {
    const start = this.#at
    let end = start
    while (this.#text[end] === '`') end += 1
    const length = end - start
    const close = this.#unclosed.has(length) ? -1 : this.#findBackticks(end, length)
    if (close >= 0) {
      this.#pieces.push({ type: 'code', text: trimCode(this.#text.slice(end, close)) })
      this.#at = close + length
    } else if (this.#isOpen && !this.#text.includes('`', end)) {
      this.#pieces.push({ type: 'code', text: trimCode(this.#text.slice(end)) })
      this.#at = this.#text.length
    } else {
      this.#unclosed.add(length)
      this.#take(length)
    }
  }

  #findBackticks(from: number, length: number): number {
    for (let at = this.#text.indexOf('`', from); at >= 0; ) {
      let end = at
      while (this.#text[end] === '`') end += 1
      if (end - at === length) return at
      at = this.#text.indexOf('`', end)
    }
    return -1
  }

  #readAngle(): void {
    lineBreak.lastIndex = this.#at
    const broken = lineBreak.exec(this.#text)
    angleAddress.lastIndex = this.#at
    const address = broken ? null : angleAddress.exec(this.#text)
    if (broken) this.#pieces.push({ type: 'break' })
    else if (address) {
      const shown = address[1]!
      const isMail = !/^https?:/i.test(shown)
      this.#pieces.push({ type: 'link', url: isMail && !/^mailto:/i.test(shown) ? `mailto:${shown}` : shown, title: '', children: [shown] })
    } else return this.#take(1)
    this.#at += (broken ?? address!)[0].length
  }

  #openBracket(isImage: boolean): void {
    const length = isImage ? 2 : 1
    const bracket: Bracket = { kind: 'bracket', isImage, at: this.#pieces.length, from: this.#at + length, runBefore: this.#runs.last }
    this.#pieces.push(bracket)
    this.#brackets.push(bracket)
    this.#at += length
  }

  #closeBracket(): void {
    const bracket = this.#brackets.pop()
    const index = this.#brackets.length
    if (!bracket || (!bracket.isImage && index < this.#linkFloor)) {
      this.#linkFloor = Math.min(this.#linkFloor, index)
      return this.#take(1)
    }
    const target = this.#readTarget(bracket)
    if (!target) return this.#take(1)
    this.#runs.pair(bracket.runBefore)
    this.#runs.cut(bracket.runBefore)
    this.#pieces[bracket.at] = { kind: bracket.isImage ? 'open-image' : 'open-link', url: target.url, title: target.title }
    this.#pieces.push({ kind: 'close' })
    if (!bracket.isImage) this.#linkFloor = index
    this.#at = target.end
  }

  #readTarget(bracket: Bracket): { url: string; title: string; end: number } | undefined {
    const behind = this.#at + 1
    if (this.#text[behind] === '(') {
      destination.lastIndex = behind
      const found = destination.exec(this.#text)
      if (found)
        return {
          url: unescape(found[1] ?? found[2] ?? ''),
          title: unescape(found[3] ?? found[4] ?? found[5] ?? ''),
          end: destination.lastIndex,
        }
      if (this.#isOpen && !/[\s)]/.test(this.#text.slice(behind + 1, behind + 2001))) return { url: '', title: '', end: this.#text.length }
    }
    if (this.#references.size === 0) return undefined
    label.lastIndex = behind
    const named = label.exec(this.#text)
    const name = named?.[1] || this.#text.slice(bracket.from, Math.min(this.#at, bracket.from + 500))
    const found = this.#references.get(referenceName(name))
    return found && { ...found, end: named ? label.lastIndex : behind }
  }

  #readRun(mark: string): void {
    const start = this.#at
    let end = start
    while (this.#text[end] === mark) end += 1
    const count = end - start
    if (mark === '~' && count !== 2) return this.#take(count)
    const before = previousCharacter(this.#text, start)
    const after = String.fromCodePoint(this.#text.codePointAt(end) ?? 32)
    const isSpaceBefore = whiteSpace.test(before)
    const isSpaceAfter = end >= this.#text.length || whiteSpace.test(after)
    const isSignBefore = punctuation.test(before)
    const isSignAfter = punctuation.test(after)
    const isLeft = !isSpaceAfter && (!isSignAfter || isSpaceBefore || isSignBefore || unspaced.test(before))
    const isRight = !isSpaceBefore && (!isSignBefore || isSpaceAfter || isSignAfter || unspaced.test(after))
    const isWordMark = mark === '_'
    const run: Run = {
      kind: 'run',
      order: this.#pieces.length,
      mark,
      count,
      length: count,
      canOpen: isLeft && (!isWordMark || !isRight || isSignBefore),
      canClose: isRight && (!isWordMark || !isLeft || isSignAfter),
      opens: [],
      closes: [],
      previous: undefined,
      next: undefined,
    }
    this.#runs.add(run)
    this.#pieces.push(run)
    this.#at = end
  }
}

function previousCharacter(text: string, at: number): string {
  if (at === 0) return ' '
  const unit = text.charCodeAt(at - 1)
  return unit >= 0xdc00 && unit <= 0xdfff && at > 1 ? text.slice(at - 2, at) : text[at - 1]!
}

const unescape = (text: string): string =>
  text
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|\w{2,10});/g, (entity) => decodeEntity(entity, 0)?.text ?? entity)

function trimCode(text: string): string {
  const flat = text.replaceAll('\n', ' ')
  return flat.startsWith(' ') && flat.endsWith(' ') && flat.trim() !== '' ? flat.slice(1, -1) : flat
}
