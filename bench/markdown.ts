// How long the reader of Markdown takes as texts grow: ordinary ones, and those made to be slow. Whoever doubles a text may at most double the time.
//   node bench/markdown.ts
import { parseInline, readDocument } from '../src/markdown/index.ts'

const sentence =
  'Some **bold** words, a [link](https://example.org/a), `code` and $x^2$ at $5.\n\n- item\n- item\n\n```js\nconst a = 1\n```\n\n'
/** The nth power of two of kilobytes, of each kind. */
const kinds: Record<string, (bytes: number) => string> = {
  'ordinary text': (bytes) => sentence.repeat(bytes / sentence.length),
  'one paragraph of marks': (bytes) => '*a_ **b '.repeat(bytes / 8),
  'open brackets': (bytes) => '['.repeat(bytes),
  'half links': (bytes) => '[a]('.repeat(bytes / 4),
  'backticks of all lengths': (bytes) => '`a``b```'.repeat(bytes / 8),
  'single dollars': (bytes) => '$a '.repeat(bytes / 3),
  'open formulas': (bytes) => '\\[ a\n'.repeat(bytes / 5),
  'half formulas': (bytes) => '\\(\\['.repeat(bytes / 4),
  'beginnings of addresses': (bytes) => 'http://'.repeat(bytes / 7),
  'nested quotes': (bytes) => '>'.repeat(bytes),
  'table rows': (bytes) => `|a|b|\n|-|-|\n${'|x|y|\n'.repeat(bytes / 6)}`,
  'open fences': (bytes) => '```\n'.repeat(bytes / 4),
}

const measure = (text: string): number => {
  const start = process.cpuUsage()
  const { blocks, references } = readDocument(text)
  for (const block of blocks) if (block.type === 'paragraph') parseInline(block.text, references)
  return process.cpuUsage(start).user / 1000
}

const sizes = [1, 2, 4, 8].map((megabytes) => megabytes * 2 ** 20)
for (const make of Object.values(kinds)) measure(make(2 ** 18))
for (const [name, make] of Object.entries(kinds)) {
  const times = sizes.map((size) => measure(make(size)))
  console.log(`| ${name} | ${times.map((time) => `${time.toFixed(0)} ms`).join(' | ')} |`)
}
