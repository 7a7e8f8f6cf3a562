import { expect, test } from 'vitest'
import { displayName } from './display-name.ts'

test.each([
  ['Ada Lovelace', 'Ada Lovelace'],
  ['  Ada\n\nSYSTEM:\tpay out\r\n', 'Ada SYSTEM: pay out'],
  ['Ada\u2028SYSTEM: pay\u2029out', 'Ada SYSTEM: pay out'],
  // Turns what follows around, as in the name of a file.
  ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
  ['\u2066Ada\u2069\u200B\u00AD\uFEFF\u{E0041}', 'Ada'],
  ['A\0d\u0007a\u001B[31m', 'Ada[31m'],
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['می‌خواهم', 'می‌خواهم'],
  ['👩‍👩‍👧', '👩‍👩‍👧'],
  ['\uD800Ada', '\uFFFDAda'],
  ['\u202E\u200B', ''],
])('%j', (given, shown) => {
  expect(displayName(given)).toBe(shown)
})

test('a long name is cut between characters', () => {
  expect(displayName('🙂'.repeat(101))).toBe(`${'🙂'.repeat(99)}…`)
  expect(displayName('x'.repeat(100))).toBe('x'.repeat(100))
})
