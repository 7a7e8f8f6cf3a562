/** unreachable: it does not answer as a repository · not-found: no such revision or folder · too-large · unsafe: it holds links or other repositories · timeout. */
export type GitFailureKind = 'unreachable' | 'not-found' | 'too-large' | 'unsafe' | 'timeout'

/** A repository that could not be read. Its words may be shown. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure'
  readonly kind: GitFailureKind

  constructor(kind: GitFailureKind, message: string, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
  }
}
