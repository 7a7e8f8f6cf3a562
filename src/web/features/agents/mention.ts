/** An `@` with which a message begins, with what follows it: whom to ask. */
export interface Mention {
  to: number
  search: string
}

/** Only at the beginning, and with nothing behind: elsewhere an `@` is part of an address or a name. */
export function mentionAt(text: string, caret: number): Mention | null {
  if (text.slice(caret).trim() !== '') return null
  const match = /^@([^@\n]{0,60})$/.exec(text.slice(0, caret))
  return match && { to: caret, search: match[1]!.trim() }
}
