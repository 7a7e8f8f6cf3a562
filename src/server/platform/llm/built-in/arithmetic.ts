import type { Skill } from './answer.ts'
import { evaluate, ExpressionError } from './expression.ts'

const asked =
  /^(?:please\s+|hey,?\s+|so,?\s+|and\s+|now\s+|then\s+)*(?:can you\s+|could you\s+)?(?:please\s+)?(?:what(?:['’]s| is| are| does| would be)|how much (?:is|are)|calculate|compute|evaluate|work out|solve|add up|tell me)?\s*(?:the (?:value|result|sum) of)?\s*:?\s*/i

const words: [RegExp, string][] = [
  [/\bplus\b/gi, '+'],
  [/\bminus\b/gi, '-'],
  [/\b(?:times|multiplied by)\b/gi, '*'],
  [/\b(?:divided by|over)\b/gi, '/'],
  [/\b(?:to the power of|raised to(?: the power of)?)\b/gi, '^'],
  [/\bsquared\b/gi, '^2'],
  [/\bcubed\b/gi, '^3'],
  [/\b(?:the )?square root of\b/gi, 'sqrt'],
  [/\b(?:the )?cube root of\b/gi, 'cbrt'],
  [/\b(?:modulo|modulus)\b/gi, 'mod'],
  [/\b(?:the )?factorial of (\d+)/gi, '$1!'],
  [/\bhalf of\b/gi, '0.5 *'],
  [/\ba third of\b/gi, '1/3 *'],
  [/\ba quarter of\b/gi, '0.25 *'],
  [/\ba dozen\b/gi, '12'],
  [/(?<=\d)\s*x\s*(?=\d)/gi, ' * '],
  [/\bpercent of\b/gi, '% of'],
]

/** The expressions a sentence asks for, as they are written; none if it asks for anything else. */
export function findExpressions(text: string): string[] {
  const stripped = text.trim().replace(asked, '')
  const plain = words
    .reduce((rest, [pattern, sign]) => rest.replace(pattern, sign), stripped)
    .replace(/\s+(?:equal(?:s)?|make(?:s)?)\s*$/i, '')
    .replace(/(?:\s*=\s*)?(?:\s*\?)?[\s?=.]*$/, '')
  const several = plain.split(between).filter((one) => one.trim() !== '')
  if (several.length > 0 && several.every(isExpression)) return several.map((one) => one.trim())
  return isExpression(plain) ? [plain] : []
}

const between = /;|\n|,?\s+and(?:\s+(?:what(?:['’]s| is)|also))?\s+|,\s+(?=[\d(])/i

/** A number alone asks for nothing, and three numbers with hyphens are a date. */
function isExpression(text: string): boolean {
  if (!/\d|pi\b/.test(text) || !/[-+*/^%!×÷√²³]|\b(?:of|mod|sqrt|cbrt|abs|floor|ceil|round|ln|log|exp|sin|cos|tan|min|max)\b/i.test(text))
    return false
  if (/^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$/.test(text)) return false
  try {
    evaluate(text)
    return true
  } catch (error) {
    // Division by zero is an expression, and deserves its answer; a sentence is not.
    return error instanceof ExpressionError && /^[-+*/^%!×÷√²³().,\d\s]+$/.test(text) && /\d\s*[-+*/^%×÷]/.test(text)
  }
}

export const answerArithmetic: Skill = ({ question }) => {
  const expressions = findExpressions(question)
  if (expressions.length === 0) return undefined
  const lines = expressions.map((expression) => {
    try {
      const { text, exact } = evaluate(expression)
      return `${shown(expression)} = **${text}**${exact === null ? '' : ` (exactly ${exact})`}`
    } catch (error) {
      return `${shown(expression)}: ${error instanceof ExpressionError ? error.message : 'I cannot calculate that.'}`
    }
  })
  return lines.length === 1 ? lines[0] : lines.map((line) => `- ${line}`).join('\n')
}

/** Typeset, so that Markdown does not take the signs for its own. */
function shown(expression: string): string {
  return expression
    .replaceAll('*', '×')
    .replace(/\bsqrt\s*/g, '√')
    .replaceAll(/\s+/g, ' ')
}
