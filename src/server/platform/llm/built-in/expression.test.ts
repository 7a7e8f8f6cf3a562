import { expect, test } from 'vitest'
import { evaluate, ExpressionError } from './expression.ts'

test.each([
  ['1 + 2 * 3', '7'],
  ['(1 + 2) * 3', '9'],
  ['2 ^ 3 ^ 2', '512'],
  ['-2 ^ 2', '-4'],
  ['(-2) ^ 2', '4'],
  ['2 ^ -2', '0.25'],
  ['10 - 4 - 3', '3'],
  ['100 / 10 / 2', '5'],
  ['0.1 + 0.2', '0.3'],
  ['1.10 * 3', '3.3'],
  ['123456789 * 987654321', '121932631112635269'],
  ['2 ** 64', '18446744073709551616'],
  ['1,234,567.5 + 1', '1234568.5'],
  ['15% of 80', '12'],
  ['80 + 15%', '92'],
  ['200 - 10%', '180'],
  ['50% + 25%', '0.75'],
  ['200 * 10%', '20'],
  ['12 percent of 50', '6'],
  ['17 % 5', '2'],
  ['-7 mod 3', '2'],
  ['17 mod 5 + 1', '3'],
  ['7 / 2', '3.5'],
  ['sqrt(2.25)', '1.5'],
  ['sqrt 16 + 1', '5'],
  ['√2', '1.41421356237'],
  ['8 ^ (1/3)', '2'],
  ['20!', '2432902008176640000'],
  ['2(3 + 4)', '14'],
  ['2 pi', '6.28318530718'],
  ['6 × 7 ÷ 2', '21'],
  ['5² − 3²', '16'],
  ['min(3, 1, 2) + max(4, 5)', '6'],
  ['round(2.5)', '3'],
  ['floor(-2.5)', '-3'],
  ['ceil(2.1)', '3'],
  ['abs(-3/4)', '0.75'],
  ['log(1000)', '3'],
  ['ln(e)', '1'],
  ['sin(pi)', '0'],
  ['1e3 + 1e-3', '1000.001'],
  ['.5 * 4', '2'],
  ['--3', '3'],
  ['0 ^ 0', '1'],
  ['1 ^ 100000000', '1'],
])('%s = %s', (expression, expected) => {
  expect(evaluate(expression).text).toBe(expected)
})

test('a fraction whose decimals go on is given exactly too', () => {
  expect(evaluate('10 / 3')).toEqual({ text: '3.33333333333', exact: '10/3' })
  expect(evaluate('1/3 + 1/6')).toEqual({ text: '0.5', exact: null })
  expect(evaluate('1/3 * 3')).toEqual({ text: '1', exact: null })
})

test.each([
  ['1 / 0', /zero/],
  ['5 mod 0', /zero/],
  ['0 ^ -1', /zero/],
  ['1 / (2 - 2)', /zero/],
  ['sqrt(-1)', /no real result/],
  ['ln(0)', /too long/],
  ['9 ^ 9 ^ 9', /too long/],
  ['1000!', /too long/],
  ['2.5!', /factorial/],
  ['(1 + 2', /parenthesis/],
  ['1 + 2)', /missing/],
  ['1 +', /end is missing/],
  ['* 2', /does not fit/],
  ['2 3', /missing/],
  ['', /nothing/],
  ['process', /does not fit/],
  ['1 & 2', /not part of arithmetic/],
  ['sqrt(1, 2)', /takes 1 value/],
  ['('.repeat(500) + '1' + ')'.repeat(499), /nested too deeply/],
  ['1+'.repeat(2000), /too long/],
])('%s is refused in words', (expression, message) => {
  expect(() => evaluate(expression)).toThrow(ExpressionError)
  expect(() => evaluate(expression)).toThrow(message)
})
