/** White space at the beginning of a line, in columns. */
export const indentOf = (line: string): number => {
  let width = 0
  for (const character of line) {
    if (character === ' ') width += 1
    else if (character === '\t') width += 4 - (width % 4)
    else break
  }
  return width
}

/** Takes so many columns of white space away; a tab counts to its stop. */
export function dedent(line: string, columns: number): string {
  let width = 0
  let at = 0
  while (at < line.length && width < columns && (line[at] === ' ' || line[at] === '\t')) {
    width += line[at] === ' ' ? 1 : 4 - (width % 4)
    at += 1
  }
  return ' '.repeat(Math.max(0, width - columns)) + line.slice(at)
}
