import * as amount from './amount.ts'
import { ExpressionError, fraction, type Amount, type Result } from './amount.ts'

export { ExpressionError, type Result } from './amount.ts'

type Token = { kind: 'number'; value: Amount } | { kind: 'name' | 'sign'; text: string }

const maxLength = 1_000
const maxDepth = 100

/**
 * Evaluates arithmetic, exactly wherever the result is a fraction: + - * / % ^ mod, parentheses, factorial, percentages (`15% of 80`, `80 + 15%`),
 * sqrt, abs, round, floor, ceil, min, max, ln, log, exp, sin, cos, tan (radians), pi and e. Throws `ExpressionError`.
 */
export function evaluate(expression: string): Result {
  if (expression.length > maxLength) throw new ExpressionError('The expression is too long.')
  const parser = new Parser(tokenise(expression))
  return amount.present(parser.parse())
}

const written: [RegExp, string][] = [
  [/[×·⋅∗]/g, '*'],
  [/[÷∶]/g, '/'],
  [/[−–—]/g, '-'],
  [/²/g, '^2'],
  [/³/g, '^3'],
  [/√/g, 'sqrt '],
  [/π/g, ' pi '],
  [/\*\*/g, '^'],
]

function tokenise(expression: string): Token[] {
  let rest = written.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), expression).trimEnd()
  // Separators of thousands, where the digits stand in threes.
  rest = rest.replace(/(?<![\d.])\d{1,3}(?:[,_']\d{3})+(?![\d])/g, (number) => number.replace(/[,_']/g, ''))
  const tokens: Token[] = []
  while ((rest = rest.trimStart()) !== '') {
    const number = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3}(?![\w.]))?/i.exec(rest)?.[0]
    const name = /^[a-z]+/i.exec(rest)?.[0]
    const sign = /^[-+*/^%!(),]/.exec(rest)?.[0]
    const found = number ?? name ?? sign
    if (found === undefined) throw new ExpressionError(`“${rest[0]}” is not part of arithmetic.`)
    if (number !== undefined) tokens.push({ kind: 'number', value: fraction(number) })
    else tokens.push({ kind: name === undefined ? 'sign' : 'name', text: found.toLowerCase() })
    rest = rest.slice(found.length)
  }
  return tokens
}

interface Operand {
  value: Amount
  /** Written with a percent sign: in a sum it means a part of what stands before. */
  isPercent: boolean
}

class Parser {
  readonly #tokens: Token[]
  #position = 0
  #depth = 0

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  parse(): Amount {
    if (this.#tokens.length === 0) throw new ExpressionError('There is nothing to calculate.')
    const { value } = this.#sum()
    if (this.#position < this.#tokens.length) throw new ExpressionError(`Something is missing before “${this.#describe()}”.`)
    return value
  }

  #sum(): Operand {
    if (++this.#depth > maxDepth) throw new ExpressionError('The expression is nested too deeply.')
    let left = this.#product()
    for (;;) {
      const isAddition = this.#take('+')
      if (!isAddition && !this.#take('-')) break
      const right = this.#product()
      const part = right.isPercent && !left.isPercent ? amount.multiply(left.value, right.value) : right.value
      left = {
        value: isAddition ? amount.add(left.value, part) : amount.subtract(left.value, part),
        isPercent: left.isPercent && right.isPercent,
      }
    }
    this.#depth--
    return left
  }

  #product(): Operand {
    let left = this.#signed()
    for (;;) {
      if (this.#take('*') || this.#take('of')) left = { value: amount.multiply(left.value, this.#signed().value), isPercent: false }
      else if (this.#take('/')) left = { value: this.#divide(left.value, this.#signed().value), isPercent: false }
      else if (this.#take('mod')) left = { value: this.#modulo(left.value, this.#signed().value), isPercent: false }
      // A number, name or parenthesis right behind a value multiplies: 2(3 + 4), 2 pi.
      else if (this.#isValueNext()) left = { value: amount.multiply(left.value, this.#power().value), isPercent: false }
      else return left
    }
  }

  #signed(): Operand {
    if (this.#take('-')) {
      const { value, isPercent } = this.#signed()
      return { value: amount.negate(value), isPercent }
    }
    if (this.#take('+')) return this.#signed()
    return this.#power()
  }

  #power(): Operand {
    const base = this.#postfix()
    if (!this.#take('^')) return base
    // From the right: 2 ^ 3 ^ 2 is 2 ^ 9.
    return { value: amount.power(base.value, this.#signed().value), isPercent: false }
  }

  #postfix(): Operand {
    let value = this.#primary()
    while (this.#take('!')) value = amount.factorial(value)
    if (this.#peek('%') && !this.#isModuloNext()) {
      this.#position++
      return { value: amount.multiply(value, amount.hundredth), isPercent: true }
    }
    if (this.#take('percent')) return { value: amount.multiply(value, amount.hundredth), isPercent: true }
    return { value, isPercent: false }
  }

  /** `17 % 5` is a remainder, `17% + 5` and `17% of 5` are not. */
  #isModuloNext(): boolean {
    const next = this.#tokens[this.#position + 1]
    if (next?.kind !== 'number' && !(next?.kind === 'sign' && next.text === '(')) return false
    this.#tokens[this.#position] = { kind: 'name', text: 'mod' }
    return true
  }

  #primary(): Amount {
    const token = this.#tokens[this.#position++]
    if (!token) throw new ExpressionError('The end is missing.')
    if (token.kind === 'number') return token.value
    if (token.text === '(') {
      const { value } = this.#sum()
      if (!this.#take(')')) throw new ExpressionError('A closing parenthesis is missing.')
      return value
    }
    if (token.kind === 'name') {
      const constant = amount.constants[token.text]
      if (constant) return constant
      const call = amount.functions[token.text]
      if (call) return this.#applied(token.text, call)
    }
    throw new ExpressionError(`“${token.text}” does not fit there.`)
  }

  #applied(name: string, call: amount.NamedFunction): Amount {
    const values: Amount[] = []
    if (this.#take('(')) {
      do values.push(this.#sum().value)
      while (this.#take(','))
      if (!this.#take(')')) throw new ExpressionError('A closing parenthesis is missing.')
    } else values.push(this.#power().value)
    if (values.length < call.from || values.length > call.to)
      throw new ExpressionError(`${name} takes ${call.from} value${call.from === 1 ? '' : 's'}.`)
    return call.apply(...values)
  }

  #divide(left: Amount, right: Amount): Amount {
    if (amount.isZero(right)) throw new ExpressionError('Division by zero has no result.')
    return amount.divide(left, right)
  }

  #modulo(left: Amount, right: Amount): Amount {
    if (amount.isZero(right)) throw new ExpressionError('Division by zero has no result.')
    return amount.modulo(left, right)
  }

  #isValueNext(): boolean {
    const token = this.#tokens[this.#position]
    if (!token) return false
    if (token.kind === 'number') return this.#tokens[this.#position - 1]?.kind !== 'number'
    return token.text === '(' || token.text in amount.constants || token.text in amount.functions
  }

  #peek(text: string): boolean {
    const token = this.#tokens[this.#position]
    return token !== undefined && token.kind !== 'number' && token.text === text
  }

  #take(text: string): boolean {
    const isThere = this.#peek(text)
    if (isThere) this.#position++
    return isThere
  }

  #describe(): string {
    const token = this.#tokens[this.#position]!
    return token.kind === 'number' ? amount.present(token.value).text : token.text
  }
}
