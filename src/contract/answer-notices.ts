import type { ErrorCode } from './errors.ts'

/** A whole answer says by it that the model had more to do: it can be continued, with tools. */
export function isToolLimit(code: ErrorCode): boolean {
  return code === 'answer.step_limit' || code === 'answer.repeated_calls'
}
