/**
 * unavailable: this machine confines no programs, `confinementStatus` says why · hosts-unsupported: hosts were asked for, and there is no way to them ·
 * bad-path: a path that is not absolute, not there, or would open the machine.
 */
export type ConfinementFailure = 'unavailable' | 'hosts-unsupported' | 'bad-path'

/** A program that is not started, since it could not be confined as it was asked for. The words may be shown. */
export class ConfinementError extends Error {
  override readonly name = 'ConfinementError'
  readonly failure: ConfinementFailure

  constructor(failure: ConfinementFailure, message: string, cause?: unknown) {
    super(message, { cause })
    this.failure = failure
  }
}
