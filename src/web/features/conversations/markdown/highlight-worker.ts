import hljs from 'highlight.js/lib/common'
import dart from 'highlight.js/lib/languages/dart'
import dockerfile from 'highlight.js/lib/languages/dockerfile'
import elixir from 'highlight.js/lib/languages/elixir'
import haskell from 'highlight.js/lib/languages/haskell'
import http from 'highlight.js/lib/languages/http'
import nginx from 'highlight.js/lib/languages/nginx'
import powershell from 'highlight.js/lib/languages/powershell'
import scala from 'highlight.js/lib/languages/scala'
import { type HighlightAnswer, type HighlightRequest, tokensOf } from './highlight-tokens.ts'

for (const [name, language] of Object.entries({ dart, dockerfile, elixir, haskell, http, nginx, powershell, scala }))
  hljs.registerLanguage(name, language)

/** By a name that a model chose, which may be that of something every object has. */
const others = new Map(
  Object.entries({
    vue: 'xml',
    svelte: 'xml',
    astro: 'xml',
    jsonc: 'json',
    json5: 'json',
    zsh: 'bash',
    fish: 'bash',
    console: 'shell',
    env: 'ini',
  }),
)

self.onmessage = ({ data: { id, language, text } }: MessageEvent<HighlightRequest>) => {
  const name = others.get(language) ?? language
  const tokens = hljs.getLanguage(name) ? tokensOf(hljs.highlight(text, { language: name, ignoreIllegals: true }).value) : []
  self.postMessage({ id, tokens } satisfies HighlightAnswer)
}
