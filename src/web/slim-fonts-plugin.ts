import type { Plugin } from 'vite'

/** Of the fonts of formulas only the format that every browser we serve reads. The others would be files that nobody asks for. */
export function slimFonts(): Plugin {
  return {
    name: 'parley:slim-fonts',
    enforce: 'pre',
    transform: {
      filter: { id: /katex[^/]*\.css$/ },
      handler: (css) => css.replaceAll(/,url\([^)]*\) format\("(?:woff|truetype)"\)/g, ''),
    },
  }
}
