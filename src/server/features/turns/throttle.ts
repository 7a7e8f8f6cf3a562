/** Passes the first value on at once, then the newest one of each span. */
export class Throttle<Value> {
  readonly #emit: (value: Value) => void
  readonly #everyMs: number
  #timer: NodeJS.Timeout | undefined
  #waiting: { value: Value } | undefined

  constructor(emit: (value: Value) => void, everyMs: number) {
    this.#emit = emit
    this.#everyMs = everyMs
  }

  push(value: Value): void {
    if (this.#timer) {
      this.#waiting = { value }
      return
    }
    this.#emit(value)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      const waiting = this.#waiting
      this.#waiting = undefined
      if (waiting) this.push(waiting.value)
    }, this.#everyMs)
    this.#timer.unref()
  }

  /** What still waits is dropped. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#waiting = undefined
  }
}
