import { errorTable, type ErrorCode, type Problem } from '../../../contract/errors.ts'
import { AppError } from '../errors/index.ts'
import type { Logger } from '../telemetry/index.ts'

/** An error as RFC 9457 problem details. What is not an `AppError` is a bug: logged with its stack, answered `internal` without its message. */
export function toProblem(error: unknown, requestId: string, log: Logger): Problem {
  if (error instanceof AppError) {
    if (error.status >= 500) log.warn({ requestId, code: error.code, err: error.cause ?? error }, 'request failed')
    return problem(error.code, requestId, error)
  }
  log.error({ requestId, err: error }, 'bug')
  return problem('internal', requestId)
}

function problem(code: ErrorCode, requestId: string, error?: AppError): Problem {
  const { status, message, action } = errorTable[code]
  return {
    type: `urn:parley:error:${code}`,
    title: message,
    status,
    code,
    action,
    detail: error?.detail,
    requestId,
    retryAfterSeconds: error?.retryAfterSeconds,
    issues: error?.issues,
  }
}

export function problemResponse(body: Problem): Response {
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
  if (body.retryAfterSeconds !== undefined) headers.set('retry-after', String(Math.ceil(body.retryAfterSeconds)))
  if (body.status === 401) headers.set('www-authenticate', 'Bearer')
  return new Response(JSON.stringify(body), { status: body.status, headers })
}
