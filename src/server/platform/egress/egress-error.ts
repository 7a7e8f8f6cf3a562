import { AppError } from '../errors/index.ts'

/**
 * unreachable: no connection could be made · timeout: the first byte, the next byte or the end did not come in time · interrupted: the other side
 * closed before the end · too-large · too-many-redirects · aborted: the caller's own signal.
 */
export type EgressFailure = 'unreachable' | 'timeout' | 'interrupted' | 'too-large' | 'too-many-redirects' | 'aborted'

const messages: Record<EgressFailure, string> = {
  unreachable: 'The address could not be reached.',
  timeout: 'The other side did not answer in time.',
  interrupted: 'The other side broke off.',
  'too-large': 'The answer is larger than permitted.',
  'too-many-redirects': 'The address redirects too often.',
  aborted: 'The request was stopped.',
}

/** A request that failed below HTTP. Its message names neither addresses nor headers. */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly failure: EgressFailure

  constructor(failure: EgressFailure, cause?: unknown) {
    super(messages[failure], { cause })
    this.failure = failure
  }
}

const failuresByCode: Record<string, EgressFailure> = {
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_SOCKET: 'interrupted',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'interrupted',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too-large',
  UND_ERR_CLOSED: 'aborted',
  UND_ERR_DESTROYED: 'aborted',
  ECONNRESET: 'interrupted',
  EPIPE: 'interrupted',
  ECONNREFUSED: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'unreachable',
  CERT_HAS_EXPIRED: 'unreachable',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unreachable',
  SELF_SIGNED_CERT_IN_CHAIN: 'unreachable',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unreachable',
  ERR_TLS_CERT_ALTNAME_INVALID: 'unreachable',
  EPROTO: 'unreachable',
}

/** Walks the causes, since fetch and the libraries above it wrap what happened once or twice. Undefined: this was no failure of the network. */
export function findEgressFailure(error: unknown): EgressFailure | AppError | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 8; current = current.cause, depth++) {
    if (current instanceof AppError) return current
    if (current instanceof EgressError) return current.failure
    if (current.name === 'AbortError') return 'aborted'
    if (current.name === 'TimeoutError') return 'timeout'
    const code = 'code' in current ? current.code : undefined
    if (typeof code === 'string' && failuresByCode[code]) return failuresByCode[code]
    // Node tries a name's addresses in turn and reports them together.
    if (current instanceof AggregateError && current.errors.length > 0) {
      const inner = findEgressFailure(current.errors[0])
      if (inner) return inner
    }
  }
  return undefined
}
