import { errorTable, type ErrorCode } from '../../../contract/errors.ts'
import { AppError } from '../../platform/errors/index.ts'
import { type HttpContext, toProblem } from '../../platform/http/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'

/** OpenAI's error object (API reference, "Error codes"). */
export interface OpenAiError {
  error: { message: string; type: string; param: string | null; code: string | null }
}

interface Rendering {
  status?: number
  type?: 'invalid_request_error' | 'insufficient_quota' | 'rate_limit_error' | 'server_error'
  code?: string | null
  param?: string
  /** Trying again cannot help: the official clients try again on 409, 429 and 5xx unless they are told not to. */
  isFinal?: true
}

/** Where OpenAI has a status or a code of its own for it. The rest keeps Parley's, which name the cause. */
const renderings: Partial<Record<ErrorCode, Rendering>> = {
  'request.invalid': { status: 400, code: null },
  'request.malformed': { code: null },
  'request.not_found': { code: 'unknown_url' },
  'request.rate_limited': { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  'auth.required': { code: 'invalid_api_key' },
  'auth.key_invalid': { code: 'invalid_api_key' },
  'auth.disabled': { status: 401, code: 'account_deactivated' },
  'auth.scope_missing': { code: 'missing_scope' },
  'model.not_found': { code: 'model_not_found', param: 'model' },
  'model.no_key': { status: 404, code: 'model_not_found', param: 'model' },
  'model.price_unknown': { status: 400, param: 'model' },
  'budget.exhausted': { status: 429, type: 'insufficient_quota', code: 'insufficient_quota', isFinal: true },
  'provider.auth': { isFinal: true },
  'provider.quota': { status: 429, type: 'insufficient_quota', code: 'insufficient_quota', isFinal: true },
  'provider.rate_limited': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  'provider.context_too_long': { status: 400, code: 'context_length_exceeded', param: 'messages' },
  'provider.rejected': { status: 400, type: 'invalid_request_error' },
  'provider.content_filter': { status: 400, code: 'content_filter' },
}

/** Any error as OpenAI would say it. What is not an `AppError` is a bug: logged, its message never shown. */
export function toOpenAiError(
  error: unknown,
  requestId: string,
  log: Logger,
): { status: number; headers: Record<string, string>; body: OpenAiError } {
  const problem = toProblem(error, requestId, log)
  const rendering = renderings[problem.code] ?? {}
  const status = rendering.status ?? errorTable[problem.code].status
  const issue = problem.issues?.[0]
  const sentences = [
    problem.title,
    problem.detail,
    ...(problem.issues ?? []).map(({ path, message }) => `${pathOf(path) || 'The body'}: ${message}.`),
  ]
  return {
    status,
    headers: {
      ...(problem.retryAfterSeconds !== undefined && { 'retry-after': String(Math.ceil(problem.retryAfterSeconds)) }),
      ...(rendering.isFinal && { 'x-should-retry': 'false' }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body: {
      error: {
        message: sentences.filter(Boolean).join(' '),
        type: rendering.type ?? (status >= 500 ? 'server_error' : 'invalid_request_error'),
        param: rendering.param ?? (issue && pathOf(issue.path)) ?? null,
        code: rendering.code === undefined ? problem.code : rendering.code,
      },
    },
  }
}

/** `messages[0].content`, as OpenAI writes it. */
function pathOf(path: readonly (string | number)[]): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('')
}

export function failOpenAi(c: HttpContext, error: unknown, log: Logger): Response {
  const { status, headers, body } = toOpenAiError(error, c.get('requestId'), log)
  c.set('errorCode', error instanceof AppError ? error.code : 'internal')
  for (const [name, value] of Object.entries(headers)) c.header(name, value)
  c.header('cache-control', 'no-store')
  return c.json(body, status as 500)
}
