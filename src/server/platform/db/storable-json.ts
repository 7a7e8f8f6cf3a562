/**
 * A value as JSON that PostgreSQL takes as `jsonb`. It holds neither U+0000 nor half a surrogate pair, which a browser can send, a model can write, and a
 * text cut at a length can end with; each becomes U+FFFD, so that lengths and offsets stay.
 */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value)
  // `JSON.stringify` writes these as escapes, and nothing else: the search for them is cheap, and finds next to nothing.
  return /\\u(?:0000|d)/.test(text) ? text.replaceAll(/\\(?:u(?:0000|d[89a-f]..)|.)/g, withoutUnstorable) : text
}

function withoutUnstorable(escape: string): string {
  return escape.length === 6 ? '\ufffd' : escape
}

/** The beginning of a text, never with half a character at its end. */
export function beginningOf(text: string, length: number): string {
  const cut = text.slice(0, length)
  return cut.isWellFormed() ? cut : cut.replace(/[\ud800-\udbff]$/, '')
}
