/** Control characters that no text has; tab, line ends, form feed and escape are left out. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const binary = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/

/**
 * The text of a file by its mark, as UTF-8, or, where every byte could be a letter, as Windows-1252. Undefined for what is no text.
 */
export function decodeText(bytes: Buffer): { text: string; isUtf8: boolean } | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return checked(new TextDecoder('utf-16le').decode(bytes))
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return checked(new TextDecoder('utf-16be').decode(bytes))
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    return binary.test(text) ? undefined : { text, isUtf8: !hasMark }
  } catch {
    return checked(new TextDecoder('windows-1252').decode(bytes))
  }
}

function checked(text: string): { text: string; isUtf8: boolean } | undefined {
  // Of random bytes an eighth would be control characters; a letter in an old encoding is none.
  return binary.test(text) || text.includes('\ufffd') ? undefined : { text, isUtf8: false }
}
