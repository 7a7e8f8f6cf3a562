import { findEgressFailure } from '../egress/index.ts'
import { AppError } from '../errors/index.ts'
import { cutOffCode } from './answered-stream.ts'
import { McpFailure, type McpFailureKind } from './mcp-failure.ts'
import { plainWords } from './plain-words.ts'
import { tooLargeCode, unsoundCode } from './stdio-transport.ts'

const bySdkCode: Record<string, [McpFailureKind, string]> = {
  REQUEST_TIMEOUT: ['timeout', 'The server did not answer in time.'],
  CONNECTION_CLOSED: ['exited', 'The connection ended before the answer.'],
  NOT_CONNECTED: ['exited', 'The connection has ended.'],
  SEND_FAILED: ['exited', 'The connection has ended.'],
  INVALID_RESULT: ['protocol', 'The server answered with something that the protocol does not know.'],
  UNSUPPORTED_RESULT_TYPE: ['protocol', 'The server asked for something that is not offered here.'],
  LIST_PAGINATION_EXCEEDED: ['too-large', 'The server lists more than is taken.'],
  CAPABILITY_NOT_SUPPORTED: ['refused', 'The server does not offer this.'],
  CLIENT_HTTP_AUTHENTICATION: ['unauthorized', 'The server does not accept the credentials.'],
  CLIENT_HTTP_UNEXPECTED_CONTENT: ['protocol', 'The server does not answer as an MCP server does.'],
  ERA_NEGOTIATION_FAILED: ['protocol', 'No revision of the protocol is spoken on both sides.'],
}

const byEgressFailure: Record<string, [McpFailureKind, string]> = {
  unreachable: ['unreachable', 'The address could not be reached.'],
  timeout: ['timeout', 'The server did not answer in time.'],
  interrupted: ['exited', 'The connection broke off.'],
  'too-large': ['too-large', 'The answer is larger than permitted.'],
  'too-many-redirects': ['unreachable', 'The address redirects too often.'],
  aborted: ['stopped', 'The call was stopped.'],
}

/** Whatever the SDK, egress or a server threw. What a server says of itself is bounded and stripped of what is not seen, and of secrets by `hide`. */
export function toFailure(error: unknown, hide: (words: string) => string): McpFailure {
  if (error instanceof McpFailure) return error
  const inner = findInner(error)
  if (inner) return inner
  const egress = findEgressFailure(causeOf(error))
  if (egress instanceof AppError) return new McpFailure('forbidden', egress.detail ?? egress.message, error)
  if (egress !== undefined && egress !== 'aborted') return new McpFailure(...byEgressFailure[egress]!, error)
  const scope = scopeOf(error)
  if (scope !== undefined) return new McpFailure('unauthorized', 'The server wants more than it was signed in for.', error, scope)
  const status = statusOf(error)
  if (status === 401 || status === 403 || nameOf(error) === 'UnauthorizedError')
    return new McpFailure('unauthorized', 'The server wants to know who asks.', error)
  if (status === 404 || status === 410)
    return new McpFailure('unreachable', `There is no MCP server at this address (status ${status}).`, error)
  if (status !== undefined && status >= 300) return new McpFailure('refused', `The server answered with status ${status}.`, error)
  const code = codeOf(error)
  if (typeof code === 'string' && bySdkCode[code]) return new McpFailure(...bySdkCode[code], error)
  if (egress === 'aborted') return new McpFailure(...byEgressFailure[egress]!, error)
  if (code === tooLargeCode) return new McpFailure('too-large', 'The answer is larger than permitted.', error)
  if (code === cutOffCode) return new McpFailure('exited', 'The connection ended before the answer.', error)
  if (code === unsoundCode)
    return new McpFailure('protocol', 'The server answered with something that is no message of the protocol.', error)
  if (typeof code === 'number')
    return new McpFailure('refused', `The server refused: ${plainWords(hide(messageOf(error)), 500) || 'it did not say why.'}`, error)
  if (nameOf(error) === 'ZodError' || error instanceof SyntaxError)
    return new McpFailure('protocol', 'The server answered with something that is no message of the protocol.', error)
  return new McpFailure('protocol', 'The server does not answer as an MCP server does.', error)
}

/** The SDK puts what failed below it beside its own error rather than behind it. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof Error) || error.cause !== undefined || !('data' in error)) return error
  return (error.data as { cause?: unknown } | undefined)?.cause ?? error
}

function findInner(error: unknown): McpFailure | undefined {
  for (let current = causeOf(error), depth = 0; current instanceof Error && depth < 8; current = current.cause, depth++) {
    if (current instanceof McpFailure) return current
  }
  return undefined
}

/** What a sign-in does not reach, in scopes; empty where the server does not say. */
function scopeOf(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 8; current = current.cause, depth++) {
    if (current.name !== 'InsufficientScopeError') continue
    const required = 'requiredScope' in current && typeof current.requiredScope === 'string' ? current.requiredScope : ''
    return plainWords(required, 1_000)
  }
  return undefined
}

function statusOf(error: unknown): number | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 8; current = current.cause, depth++) {
    const status =
      'status' in current ? current.status : 'data' in current ? (current.data as { status?: unknown } | undefined)?.status : undefined
    if (typeof status === 'number') return status
    if (nameOf(current) === 'SseError' && 'code' in current && typeof current.code === 'number') return current.code
  }
  return undefined
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}
