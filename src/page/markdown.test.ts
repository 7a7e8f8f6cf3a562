import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markdown } from './markdown.ts'

test('marks become elements', () => {
  expect(markdown('Hello *you*, **there**.\n\n- one\n- two `x`').text).toBe(
    '<p>Hello <em>you</em>, <strong>there</strong>.</p><ul><li>one</li><li>two <code>x</code></li></ul>',
  )
  expect(markdown('3. three\n4. four').text).toBe('<ol start="3"><li>three</li><li>four</li></ol>')
  expect(markdown('# A\n\n> b').text).toBe('<h4>A</h4><blockquote><p>b</p></blockquote>')
  expect(markdown('|a|\n|-|\n|b|').text).toContain('<th>a</th></tr></thead><tbody><tr><td>b</td>')
})

test('links lead away safely or nowhere, and a picture is a link', () => {
  expect(markdown('[a](https://example.org/?x=1&y=2)').text).toBe(
    '<p><a href="https://example.org/?x=1&amp;y=2" target="_blank" rel="nofollow noopener ugc">a</a></p>',
  )
  expect(markdown('[a](javascript:alert(1)) ![b](https://example.org/b.png) ![c](data:image/png;base64,x)').text).toBe(
    '<p>a <a href="https://example.org/b.png" target="_blank" rel="nofollow noopener ugc">b</a> c</p>',
  )
})

test('whatever a model writes, no element stands there but those of Markdown', () => {
  const known =
    /<\/?(?:p|h4|pre tabindex="0"|pre|code|blockquote|ul|ol|ol start="\d+"|li|div class="table" tabindex="0"|div|table|thead|tbody|tr|th|td|hr|br|strong|em|del|a|a href="[^"<>]*" target="_blank" rel="nofollow noopener ugc")>/g
  const piece = fc.constantFrom(
    '<script>',
    '<img src=x onerror=y>',
    '"',
    "'",
    '&',
    '`',
    '*',
    '[',
    '](',
    ')',
    '!',
    'javascript:',
    'https://a.b/"<',
    '\n',
    '> ',
    '- ',
    '|',
    ' ',
    'x',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      expect(markdown(pieces.join('')).text.replace(known, '')).not.toMatch(/[<>]/)
    }),
  )
})
