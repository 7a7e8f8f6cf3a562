import { expect, test } from 'vitest'
import { richText } from './rich-text.ts'

const text = `## Tides

Low tide is **twice** a day, see [the *almanac*](https://tides.example/a?b=1&c="2").

- one <b>
- [x] two
  1. three

| when | depth |
|--|--:|
| noon | $d_1$ |

\`\`\`ts
a < b
\`\`\`

> [so](javascript:alert(1))`

test('a message becomes markup and words, and nothing in it becomes markup by itself', () => {
  const { html, plain } = richText(text)
  expect(html).toBe(
    '<h2>Tides</h2><p>Low tide is <strong>twice</strong> a day, see <a href="https://tides.example/a?b=1&amp;c=%222%22">the <em>almanac</em></a>.</p>' +
      '<ul><li>one &lt;b&gt;</li><li>☑ two<ol><li>three</li></ol></li></ul>' +
      '<table><thead><tr><th>when</th><th>depth</th></tr></thead><tbody><tr><td>noon</td><td>$d_1$</td></tr></tbody></table>' +
      '<pre><code>a &lt; b</code></pre><blockquote><p>so</p></blockquote>',
  )
  expect(plain).toBe(
    'Tides\n\nLow tide is twice a day, see the almanac.\n\n- one <b>\n- ☑ two\n  1. three\n\nwhen\tdepth\nnoon\t$d_1$\n\na < b\n\n> so',
  )
})
