import { z } from 'zod'
import { evaluate, ExpressionError } from '../../platform/llm/built-in/expression.ts'
import { type Tool, ToolFailure } from './tool.ts'

const input = z.strictObject({ expression: z.string().min(1).max(500).describe('for example (17.5 * 3 + 2^10) / 4, sqrt(2), 15% of 80') })

export const calculate: Tool<z.infer<typeof input>> = {
  name: 'calculate',
  description: 'Evaluates an arithmetic expression exactly where that is possible. Use it instead of calculating in your head.',
  input,
  isRepeatable: true,
  permission: 'allow',
  timeoutMs: 5_000,
  async run({ expression }) {
    try {
      return evaluate(expression).text
    } catch (error) {
      if (error instanceof ExpressionError) throw new ToolFailure(`The expression cannot be evaluated: ${error.message}`)
      throw error
    }
  },
}
