/** A spreadsheet would run what begins like this. A number may be negative, a sentence may begin with a dash. */
const formula = /^(?:[=+@\t\r]|-(?=[^\s\d.,]))/

/** Rows as RFC 4180 has them. What a spreadsheet would take for a formula becomes text. */
export const csvOf = (rows: readonly (readonly string[])[]): string => rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')

function cell(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
