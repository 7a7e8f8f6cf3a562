/**
 * unreachable: nobody answers, or the program cannot be started · exited: the program or the connection ended · timeout · stopped: the caller's own signal ·
 * unauthorized: it wants to know who asks · forbidden: it may not be called from here · too-large: more than is taken · busy: too much at once ·
 * protocol: what came is not what the protocol says · refused: it answered with an error of its own.
 */
export type McpFailureKind =
  | 'unreachable'
  | 'exited'
  | 'timeout'
  | 'stopped'
  | 'unauthorized'
  | 'forbidden'
  | 'too-large'
  | 'busy'
  | 'protocol'
  | 'refused'

/** What went wrong with a server, in words that a person and a model may read. */
export class McpFailure extends Error {
  override readonly name = 'McpFailure'
  readonly kind: McpFailureKind
  /** unauthorized: what it would take, where the server says so. */
  readonly scope: string | undefined

  constructor(kind: McpFailureKind, message: string, cause?: unknown, scope?: string) {
    super(message, { cause })
    this.scope = scope
    this.kind = kind
  }
}

/** Errors of a request that the connection itself survives. */
export function leavesConnection({ kind }: McpFailure): boolean {
  return kind === 'refused' || kind === 'too-large' || kind === 'timeout' || kind === 'stopped' || kind === 'busy'
}
