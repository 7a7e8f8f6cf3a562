/** An address written without any mark, as GFM reads it. Bounded, so that a text made of beginnings is still read once. */
const bareAddress = /(?<![\p{L}\p{N}_@/])(?:https?:\/\/|www\.)[^\s<>[\]"`|]{1,2000}/giu
const trailing = /[?!.,:*_~'";]$/

/** Where addresses stand in a text, in order. The signs of the sentence around one do not belong to it. */
export function findAddresses(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const { 0: whole, index } of text.matchAll(bareAddress)) {
    let end = whole.length
    for (;;) {
      const kept = whole.slice(0, end)
      if (trailing.test(kept)) end -= 1
      else if (kept.endsWith(')') && kept.split(')').length > kept.split('(').length) end -= 1
      else break
    }
    if (/^(?:https?:\/\/|www\.)[^\s/?#]/i.test(whole.slice(0, end))) found.push({ start: index, end: index + end })
  }
  return found
}
