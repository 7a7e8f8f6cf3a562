import { errorTable, type ErrorCode, type ErrorNotice, type Issue } from '../../../contract/errors.ts'

export interface ErrorDetails {
  /** One more sentence for the person, without secrets and internals. */
  detail?: string
  retryAfterSeconds?: number
  issues?: Issue[]
  cause?: unknown
}

/** An expected failure: it has a code from the table and is safe to show. Everything else that is thrown is a bug and answers `internal`. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly detail: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly issues: Issue[] | undefined

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(errorTable[code].message, { cause: details.cause })
    this.code = code
    this.detail = details.detail
    this.retryAfterSeconds = details.retryAfterSeconds
    this.issues = details.issues
  }

  get status(): number {
    return errorTable[this.code].status
  }

  notice(): ErrorNotice {
    return { code: this.code, detail: this.detail, retryAfterSeconds: this.retryAfterSeconds }
  }
}
