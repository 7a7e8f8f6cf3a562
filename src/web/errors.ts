import { ORPCError } from '@orpc/client'
import { errorTable } from 'virtual:contract'
import type { ErrorCode, ErrorNotice, Issue, Problem } from '../contract/errors.ts'
import { t } from './strings/index.ts'

/** `network`: no answer came at all. Everything else is the server's own code. */
export type ApiErrorCode = ErrorCode | 'network'

interface Details {
  message?: string
  action?: string
  detail?: string | undefined
  status?: number
  requestId?: string | undefined
  retryAfterSeconds?: number | undefined
  issues?: Issue[] | undefined
  cause?: unknown
}

/** What every failed call ends in: `message` says what happened, `action` what to do now. Both may be shown as they are. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  readonly status: number
  readonly action: string
  readonly detail: string | undefined
  readonly requestId: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly issues: Issue[]

  constructor(code: ApiErrorCode, details: Details = {}) {
    const words = code === 'network' ? { status: 0, message: t('error.network'), action: t('error.network.action') } : errorTable[code]
    super(details.message ?? words.message, { cause: details.cause })
    this.code = code
    this.status = details.status ?? words.status
    this.action = details.action ?? words.action
    this.detail = details.detail
    this.requestId = details.requestId
    this.retryAfterSeconds = details.retryAfterSeconds
    this.issues = details.issues ?? []
  }
}

export const isErrorCode = (value: unknown): value is ErrorCode => typeof value === 'string' && Object.hasOwn(errorTable, value)

/** An error inside a message or stream, as one of a call: same words, same shape. */
export const errorOfNotice = (notice: ErrorNotice): ApiError =>
  new ApiError(notice.code, { detail: notice.detail, retryAfterSeconds: notice.retryAfterSeconds })

/** RFC 9457 problem details from `/api`. Undefined for what a proxy in between may have said instead. */
export function decodeProblem(body: unknown): ORPCError<string, Problem> | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body) || !isErrorCode(body.code)) return undefined
  const problem = body as Problem
  return new ORPCError(problem.code, { status: problem.status, message: problem.title, data: problem })
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof ORPCError) {
    if (isErrorCode(error.code)) {
      const problem = error.data as Partial<Problem> | undefined
      return new ApiError(error.code, {
        message: error.message,
        status: error.status,
        cause: error,
        ...(problem?.action === undefined ? {} : { action: problem.action }),
        detail: problem?.detail,
        requestId: problem?.requestId,
        retryAfterSeconds: problem?.retryAfterSeconds,
        issues: problem?.issues,
      })
    }
    // A gateway's own page: the server behind it is not there.
    return new ApiError(error.status >= 502 && error.status <= 504 ? 'network' : 'internal', { status: error.status, cause: error })
  }
  // fetch rejects with a TypeError when there is no connection, and a cut body fails while it is read.
  return new ApiError(
    error instanceof TypeError || (error instanceof Error && /response body/.test(error.message)) ? 'network' : 'internal',
    { cause: error },
  )
}
