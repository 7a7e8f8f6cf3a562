import { dedent, indentOf } from './columns.ts'
import { closesFence, type Fence, openFence } from './fences.ts'
import { formulaBlock, opensFormula } from './formulas.ts'

/**
 * The block structure of Markdown: one pass over the lines, no backtracking, nesting bounded. HTML is text like any other. Inline marks are not
 * looked at here; a block that is never shown costs nothing more.
 */
export type Block =
  | { type: 'paragraph'; source: string; text: string }
  | { type: 'heading'; source: string; level: number; text: string }
  | { type: 'code'; source: string; language: string; text: string; isClosed: boolean }
  | { type: 'formula'; source: string; text: string; isClosed: boolean }
  | { type: 'quote'; source: string; blocks: Block[] }
  | { type: 'list'; source: string; start: number | null; isTight: boolean; items: ListItem[] }
  | { type: 'table'; source: string; alignments: Alignment[]; head: string[]; rows: string[][] }
  | { type: 'rule'; source: string }

export interface ListItem {
  source: string
  isChecked: boolean | null
  blocks: Block[]
}

export type Alignment = 'left' | 'center' | 'right' | null

/** Where a link reference leads: `[name]: url "title"`. */
export type References = Map<string, { url: string; title: string }>

/** Deeper containers are shown as the text they are made of. */
const maxNesting = 12
/** One element must stay cheap to lay out: what is larger is divided, which only the reader of the source could notice. */
const maxParagraph = 12_000
const maxItems = 100

const blank = /^[ \t]*$/
const heading = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/
const rule = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/
const quote = /^ {0,3}> ?/
const item = /^( {0,3})([-*+]|\d{1,9}[.)])(?:([ \t]+)|$)/
const task = /^\[([ xX])\][ \t]+/
const indented = /^(?: {4}| {0,3}\t)/
const underline = /^ {0,3}(=+|-+)[ \t]*$/
const delimiterRow = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/
const reference = /^ {0,3}\[([^[\]]{1,500})\]:[ \t]*<?([^\s<>]+)>?(?:[ \t]+["'(](.*)["')])?[ \t]*$/

/** An expression that repeats a group ends the stack on a line of megabytes, and nobody rules a line by a thousand stars. */
const isRule = (line: string): boolean => line.length <= 1000 && rule.test(line)
const isDelimiterRow = (line: string): boolean => line.length <= 20_000 && delimiterRow.test(line)

export const referenceName = (label: string): string => label.trim().replace(/\s+/g, ' ').toLowerCase()

export interface Found {
  block: Block
  /** Its first line, and the line behind its last. */
  start: number
  end: number
}

/** The first block that begins at or after `from`. Undefined when only blank lines and references are left. */
export function nextBlock(lines: readonly string[], from: number, references: References, nesting = 0): Found | undefined {
  let start = from
  for (; start < lines.length; start += 1) {
    const line = lines[start]!
    if (isProse(line)) break
    if (blank.test(line)) continue
    const found = reference.exec(line)
    if (!found) break
    const name = referenceName(found[1]!)
    if (!references.has(name)) references.set(name, { url: found[2]!, title: found[3] ?? '' })
  }
  return start < lines.length ? { start, ...readBlock(lines, start, references, nesting) } : undefined
}

function readBlock(lines: readonly string[], start: number, references: References, nesting: number): { block: Block; end: number } {
  const line = lines[start]!
  if (isProse(line)) return table(lines, start) ?? paragraph(lines, start)
  if (indented.test(line)) return indentedCode(lines, start)
  const fenced = openFence(line)
  if (fenced) return fencedCode(lines, start, fenced)
  const title = heading.exec(line)
  if (title) {
    const text = (title[2] ?? '').replace(/(?:^|[ \t]+)#+[ \t]*$/, '').trim()
    return { block: { type: 'heading', source: line, level: title[1]!.length, text }, end: start + 1 }
  }
  if (isRule(line)) return { block: { type: 'rule', source: line }, end: start + 1 }
  if (nesting < maxNesting) {
    if (quote.test(line)) return quoted(lines, start, references, nesting)
    if (item.test(line)) return list(lines, start, references, nesting)
  }
  return formula(lines, start) ?? table(lines, start) ?? paragraph(lines, start)
}

export function parseBlocks(lines: readonly string[], references: References, nesting = 0): Block[] {
  const blocks: Block[] = []
  for (let next = nextBlock(lines, 0, references, nesting); next; next = nextBlock(lines, next.end, references, nesting))
    blocks.push(next.block)
  return blocks
}

const join = (lines: readonly string[], from: number, to: number): string => lines.slice(from, to).join('\n')

function fencedCode(lines: readonly string[], start: number, open: Fence) {
  let end = start + 1
  while (end < lines.length && !closesFence(lines[end]!, open)) end += 1
  const isClosed = end < lines.length
  const inside = lines
    .slice(start + 1, end)
    .map((line) => (open.indent === 0 ? line : line.replace(new RegExp(`^ {1,${open.indent}}`), '')))
  const block: Block = { type: 'code', source: join(lines, start, end + 1), language: open.language, text: inside.join('\n'), isClosed }
  return { block, end: end + 1 }
}

function formula(lines: readonly string[], start: number) {
  const found = formulaBlock(lines, start)
  if (!found) return undefined
  const { text, end, isClosed } = found
  return { block: { type: 'formula', source: join(lines, start, end), text, isClosed } satisfies Block, end }
}

function indentedCode(lines: readonly string[], start: number) {
  let end = start + 1
  while (end < lines.length && (indented.test(lines[end]!) || blank.test(lines[end]!))) end += 1
  while (blank.test(lines[end - 1]!)) end -= 1
  const text = lines
    .slice(start, end)
    .map((line) => line.replace(indented, ''))
    .join('\n')
  return { block: { type: 'code', source: join(lines, start, end), language: '', text, isClosed: true } satisfies Block, end }
}

/** Begins with a letter: whatever it is, it is no mark. Saves nine expressions on nearly every line. */
function isProse(line: string): boolean {
  const first = line.charCodeAt(0)
  return (first >= 65 && first <= 90) || (first >= 97 && first <= 122) || first > 191
}

/** Whether this line ends a paragraph that is open. */
function interrupts(line: string): boolean {
  if (isProse(line)) return false
  if (blank.test(line) || heading.test(line) || openFence(line) || isRule(line) || quote.test(line)) return true
  const found = item.exec(line)
  // An empty item, or a number other than one, is more likely a sentence that was wrapped.
  return (
    found !== null &&
    found[3] !== undefined &&
    !blank.test(line.slice(found[0].length)) &&
    (found[2]!.length === 1 || /^1[.)]$/.test(found[2]!))
  )
}

/** Begins or ends a formula that goes over several lines of a sentence. */
const hasHalfFormula = (line: string): boolean => line.includes('$$') && line.split('$$').length % 2 === 0

function paragraph(lines: readonly string[], start: number) {
  let end = start + 1
  let length = lines[start]!.length
  let isInFormula = hasHalfFormula(lines[start]!)
  while (end < lines.length) {
    const line = lines[end]!
    const under = isProse(line) ? null : underline.exec(line)
    if (under) {
      const text = join(lines, start, end).trim()
      return {
        block: { type: 'heading', source: join(lines, start, end + 1), level: under[1]![0] === '=' ? 1 : 2, text } satisfies Block,
        end: end + 1,
      }
    }
    if (interrupts(line) || isTableHead(lines, end) || length > maxParagraph) break
    if (!isInFormula && opensFormula(line)) break
    if (hasHalfFormula(line)) isInFormula = !isInFormula
    length += line.length
    end += 1
  }
  const source = join(lines, start, end)
  return { block: { type: 'paragraph', source, text: source.replace(/^[ \t]+/gm, '').trimEnd() } satisfies Block, end }
}

const isTableHead = (lines: readonly string[], at: number): boolean =>
  lines[at]!.includes('|') &&
  at + 1 < lines.length &&
  lines[at + 1]!.includes('-') &&
  isDelimiterRow(lines[at + 1]!) &&
  cells(lines[at]!).length === cells(lines[at + 1]!).length

function table(lines: readonly string[], start: number) {
  if (!isTableHead(lines, start)) return undefined
  const head = cells(lines[start]!)
  const alignments = cells(lines[start + 1]!).map((cell): Alignment => {
    if (cell.endsWith(':')) return cell.startsWith(':') ? 'center' : 'right'
    return cell.startsWith(':') ? 'left' : null
  })
  let end = start + 2
  const rows: string[][] = []
  while (end < lines.length && lines[end]!.includes('|') && !interrupts(lines[end]!)) {
    const row = cells(lines[end]!)
    rows.push(head.map((_, column) => row[column] ?? ''))
    end += 1
  }
  return { block: { type: 'table', source: join(lines, start, end), alignments, head, rows } satisfies Block, end }
}

function cells(line: string): string[] {
  const found: string[] = []
  const text = line.trim()
  let from = text.startsWith('|') ? 1 : 0
  for (let at = from; at <= text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (at === text.length || text[at] === '|') {
      if (at < text.length || from < text.length) found.push(text.slice(from, at).trim().replaceAll('\\|', '|'))
      from = at + 1
    }
  }
  return found
}

/** Follows what a container has collected, to know whether a line without its mark may still belong to it. */
class OpenParagraph {
  isOpen = false
  #fence: Fence | undefined

  add(line: string): void {
    if (this.#fence) {
      if (closesFence(line, this.#fence)) this.#fence = undefined
      this.isOpen = false
      return
    }
    this.#fence = openFence(line)
    const inner = line.replace(/^(?: {0,3}(?:>|[-*+]|\d{1,9}[.)]) ?){1,100}/, '')
    this.isOpen =
      !this.#fence &&
      !blank.test(inner) &&
      !heading.test(inner) &&
      !isRule(inner) &&
      !(line === inner && indented.test(line) && !this.isOpen)
  }
}

function quoted(lines: readonly string[], start: number, references: References, nesting: number) {
  const inside: string[] = []
  const open = new OpenParagraph()
  let end = start
  for (; end < lines.length; end += 1) {
    const line = lines[end]!
    if (!quote.test(line) && (!open.isOpen || interrupts(line))) break
    const stripped = line.replace(quote, '')
    inside.push(stripped)
    open.add(stripped)
  }
  return {
    block: { type: 'quote', source: join(lines, start, end), blocks: parseBlocks(inside, references, nesting + 1) } satisfies Block,
    end,
  }
}

function list(lines: readonly string[], start: number, references: References, nesting: number) {
  const first = item.exec(lines[start]!)!
  const kind = first[2]!.at(-1)!
  const items: ListItem[] = []
  let isTight = true
  let end = start
  while (end < lines.length && items.length < maxItems) {
    const marker = item.exec(lines[end]!)
    if (!marker || marker[2]!.at(-1) !== kind || isRule(lines[end]!)) break
    const next = listItem(lines, end, marker, references, nesting)
    items.push(next.item)
    const follows = next.end < lines.length ? item.exec(lines[next.end]!) : null
    if (next.isLoose || (next.hasBlankAfter && follows?.[2]!.at(-1) === kind)) isTight = false
    end = next.end
  }
  const number = Number.parseInt(first[2]!, 10)
  return {
    block: { type: 'list', source: join(lines, start, end), start: Number.isNaN(number) ? null : number, isTight, items } satisfies Block,
    end,
  }
}

function listItem(lines: readonly string[], start: number, marker: RegExpExecArray, references: References, nesting: number) {
  const space = marker[3]
  const beforeText = marker[1]!.length + marker[2]!.length
  const isIndentedCode = space !== undefined && indentOf(space) > 4
  const content = beforeText + (space === undefined || isIndentedCode ? 1 : indentOf(space))
  const firstLine = isIndentedCode ? dedent(space, 1) + lines[start]!.slice(marker[0].length) : lines[start]!.slice(marker[0].length)
  const checked = task.exec(firstLine)
  const inside = [checked ? firstLine.slice(checked[0].length) : firstLine]
  const open = new OpenParagraph()
  open.add(inside[0]!)
  let isLoose = false
  let end = start + 1
  let blanks = 0
  for (; end < lines.length; end += 1) {
    const line = lines[end]!
    if (blank.test(line)) {
      blanks += 1
      continue
    }
    const isInside = indentOf(line) >= content
    if (!isInside && (blanks > 0 || !open.isOpen || interrupts(line) || item.test(line))) break
    if (blanks > 0) {
      // An item that begins with a blank line has ended.
      if (inside.length === 1 && blank.test(inside[0]!)) break
      inside.push(...Array.from({ length: blanks }, () => ''))
      open.add('')
    }
    const stripped = isInside ? dedent(line, content) : line
    // Blank lines deeper inside make only what lies there loose.
    if (blanks > 0 && indentOf(stripped) < 2 && !item.test(stripped)) isLoose = true
    blanks = 0
    inside.push(stripped)
    open.add(stripped)
  }
  const stop = end
  const source = join(lines, start, stop - blanks)
  const parsed: ListItem = { source, isChecked: checked ? checked[1] !== ' ' : null, blocks: parseBlocks(inside, references, nesting + 1) }
  return { item: parsed, end: stop, isLoose: isLoose && parsed.blocks.length > 1, hasBlankAfter: blanks > 0 }
}
