import hljs from 'highlight.js/lib/common'
import { expect, test } from 'vitest'
import { tokensOf } from './highlight-tokens.ts'

test.each([
  ['typescript', 'const a: Map<string, "b & c"> = new Map() // <done> & \'quoted\'\n'],
  ['xml', '<a href="x">&amp; text</a><!-- c -->'],
  ['diff', '- old\n+ new\n'],
  ['python', 'def f(x):\n    """doc"""\n    return f"{x!r} – ü"\n'],
])('positions in %s fit the code they came from', (language, code) => {
  const tokens = tokensOf(hljs.highlight(code, { language }).value)
  let end = 0
  for (const [from, to] of tokens) {
    expect(from).toBeGreaterThanOrEqual(end)
    expect(to).toBeGreaterThan(from)
    end = to
  }
  expect(end).toBeLessThanOrEqual(code.length)
  expect(tokens.map(([from, to, kind]) => `${kind} ${code.slice(from, to)}`)).toMatchSnapshot()
})
