/** A `/` at the beginning of the line in which somebody writes, with what follows it. */
export interface Slash {
  from: number
  to: number
  search: string
}

/** The rest of the line has to be empty: in the middle of a sentence a stroke is a stroke. */
export function slashAt(text: string, caret: number): Slash | null {
  const from = text.lastIndexOf('\n', caret - 1) + 1
  const end = text.indexOf('\n', caret)
  if (text.slice(caret, end < 0 ? undefined : end).trim() !== '') return null
  const match = /^\/([^/\n]{0,60})$/.exec(text.slice(from, caret))
  return match && { from, to: caret, search: match[1]!.trim() }
}

/** The text without it, and without the line that it leaves empty. */
export function withoutSlash(text: string, { from, to }: Slash): string {
  const before = text.slice(0, from).replace(/\n$/, '')
  return before + text.slice(to)
}
