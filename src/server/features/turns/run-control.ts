/** Why a run leaves off without ending its turn: somebody else has it, or this process gives it up. */
export class LeftOff extends Error {
  override readonly name = 'LeftOff'
}

/** `stop`: a person asked for it. `leave`: this process ends nothing and writes nothing more. `budget`: what is left of it does not pay for more. */
export type Why = 'stop' | 'leave' | 'budget'

/** Whether a run is to go on, for all of its parts. */
export class RunControl {
  readonly #abort = new AbortController()
  #why: Why | undefined

  get why(): Why | undefined {
    return this.#why
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  get hasLeft(): boolean {
    return this.#why === 'leave'
  }

  cancel(why: Why): void {
    if (this.#why === 'leave' || this.#why === why) return
    this.#why = why
    // Who only leaves ends nothing that goes on elsewhere.
    this.#abort.abort(why === 'leave' ? new LeftOff() : new Error(`the turn was cancelled: ${why}`))
  }

  throwIfLeft(): void {
    if (this.hasLeft) throw new LeftOff()
  }
}
