/**
 * Measured against the tokenisers of the large providers, English text has about four characters a token, other alphabetic scripts about two, and Chinese,
 * Japanese and Korean about one.
 */
export function estimateTokens(text: string): number {
  let quarters = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    quarters += code < 0x80 ? 1 : code < 0x2e80 ? 2 : 4
  }
  return Math.ceil(quarters / 4)
}
