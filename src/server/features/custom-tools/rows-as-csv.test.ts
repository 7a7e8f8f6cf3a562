import { expect, test } from 'vitest'
import { toCsv } from './rows-as-csv.ts'

test('nothing can be mistaken for something else', () => {
  const rows = [
    [null, 'NULL', ''],
    ['a "b", c', 'line\nbreak', '9007199254740993'],
  ]
  expect(toCsv({ columns: ['a', 'b,c', 'd'], rows, hasMore: false })).toBe(
    '2 rows\n\na,"b,c",d\nNULL,"NULL",""\n"a ""b"", c","line\nbreak",9007199254740993',
  )
})

test('it says that there is more, and where it was cut', () => {
  expect(toCsv({ columns: ['n'], rows: [['1']], hasMore: true })).toContain('1 row, and there are more')
  const long = toCsv({ columns: ['n'], rows: Array.from({ length: 40 }, () => ['x'.repeat(3_000)]), hasMore: false })
  expect(long).toContain(', cut at its length')
  expect(long).toContain('… (3000 characters)')
  expect(long.length).toBeLessThan(42_000)
})
