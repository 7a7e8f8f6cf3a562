import type { Rows } from '../../platform/foreign-db/index.ts'

/** Less than what a model is given of any tool, so that the end is said here. */
const maxLength = 40_000
const maxCellLength = 2_000

/** CSV (RFC 4180) under a line that says how much it is. NULL stands bare, a text that says so in quotes. */
export function toCsv({ columns, rows, hasMore }: Rows): string {
  const head = columns.map(cell).join(',')
  const lines: string[] = []
  let length = head.length
  for (const row of rows) {
    const line = row.map(cell).join(',')
    length += line.length + 1
    if (length > maxLength) break
    lines.push(line)
  }
  const isCut = lines.length < rows.length
  const count = `${lines.length} ${lines.length === 1 ? 'row' : 'rows'}`
  const rest = isCut ? ', cut at its length' : hasMore ? ', and there are more: ask for fewer or by pages' : ''
  return `${count}${rest}\n\n${[head, ...lines].join('\n')}`
}

function cell(value: string | null): string {
  if (value === null) return 'NULL'
  const text = value.length > maxCellLength ? `${value.slice(0, maxCellLength)}… (${value.length} characters)` : value
  return /[",\r\n]/.test(text) || text === 'NULL' || text === '' ? `"${text.replaceAll('"', '""')}"` : text
}
