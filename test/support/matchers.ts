import { expect } from 'vitest'
import type { ErrorCode, Problem } from '../../src/contract/errors.ts'

interface Answered {
  ok: boolean
  problem?: Problem
  value?: unknown
}

declare module 'vitest' {
  interface Assertion {
    /** The endpoint refused with this code, as problem details with the code's status. */
    toFailWith(code: ErrorCode): void
    toSucceed(): void
  }
}

expect.extend({
  toFailWith(answer: Answered & { status?: number; response?: Response }, code: ErrorCode) {
    const found = answer.ok ? `it succeeded with ${JSON.stringify(answer.value)?.slice(0, 300)}` : JSON.stringify(answer.problem)
    const isProblem = answer.response?.headers.get('content-type') === 'application/problem+json'
    const pass = !answer.ok && answer.problem?.code === code && answer.problem.status === answer.status && isProblem
    return { pass, message: () => `expected the answer ${this.isNot ? 'not ' : ''}to fail with ${code}; ${found}` }
  },
  toSucceed(answer: Answered) {
    return {
      pass: answer.ok,
      message: () => `expected the answer ${this.isNot ? 'not ' : ''}to succeed; ${JSON.stringify(answer.problem)}`,
    }
  },
})
