import type { Provider } from '../../../contract/models.ts'

/** About what a picture counts as input, by the rules that the providers publish; where none is known, by OpenAI's. */
export function imageTokens(provider: Provider, width: number, height: number): number {
  switch (provider) {
    case 'anthropic': {
      // Scaled to at most 1,568 pixels an edge; a token is some 750 pixels.
      const scale = Math.min(1, 1568 / Math.max(width, height))
      return Math.min(1600, Math.ceil((width * height * scale * scale) / 750))
    }
    case 'google':
      return width <= 384 && height <= 384 ? 258 : Math.ceil(width / 768) * Math.ceil(height / 768) * 258
    case 'xai':
      return Math.min(6, Math.ceil(width / 448) * Math.ceil(height / 448)) * 256 + 256
    default: {
      // Scaled into 2,048 square, then to 768 on the shorter edge; 170 for each tile of 512.
      const fit = Math.min(1, 2048 / Math.max(width, height))
      const scale = fit * Math.min(1, 768 / (Math.min(width, height) * fit))
      return 85 + 170 * Math.ceil((width * scale) / 512) * Math.ceil((height * scale) / 512)
    }
  }
}

/** About what a PDF counts that is given as it is: its text, and each page as a picture. */
export function pdfTokens(provider: Provider, pageCount: number, textTokens: number | null): number {
  if (provider === 'google') return pageCount * 258
  return (textTokens ?? 0) + pageCount * (provider === 'anthropic' ? 1600 : 1000)
}
