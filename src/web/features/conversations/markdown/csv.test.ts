import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

test('cells are quoted where they must be, and none is a formula', () => {
  expect(
    csvOf([
      ['a', 'b "c"', 'd,e'],
      ['=HYPERLINK("https://evil.example")', '-5', '- so'],
      ['+1', '@x', '-cmd|x'],
    ]),
  ).toBe('a,"b ""c""","d,e"\r\n"\'=HYPERLINK(""https://evil.example"")",-5,- so\r\n\'+1,\'@x,\'-cmd|x\r\n')
})
