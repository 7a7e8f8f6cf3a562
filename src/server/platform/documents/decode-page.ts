/** So far into a page its own word on its letters counts (WHATWG HTML, "Determining the character encoding"). */
const prescan = 1024

/** The text of a page: by its mark, what the server says, what the page says, as UTF-8, and where that cannot be, as Windows-1252. */
export function decodePage(bytes: Buffer, contentType: string): string {
  const byMark = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined
  const head = bytes.subarray(0, prescan).toString('latin1')
  const named = byMark ?? /charset\s*=\s*["']?([\w-]+)/i.exec(contentType)?.[1] ?? /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1]
  const known = named && decoderOf(named)
  if (known) return known.decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function decoderOf(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label)
  } catch {
    return undefined
  }
}
