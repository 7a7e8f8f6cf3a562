/** A limit that does not run while somebody thinks. Several may think at once. */
export class TimeLimit {
  readonly #abort = new AbortController()
  #leftMs: number
  #startedAt = 0
  #timer: NodeJS.Timeout | undefined
  #thinking = 0

  constructor(ms: number) {
    this.#leftMs = ms
    this.#start()
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  async without<T>(think: () => Promise<T>): Promise<T> {
    if (this.#thinking++ === 0) {
      clearTimeout(this.#timer)
      this.#leftMs -= performance.now() - this.#startedAt
    }
    try {
      return await think()
    } finally {
      if (--this.#thinking === 0) this.#start()
    }
  }

  end(): void {
    clearTimeout(this.#timer)
    // Whoever still thinks starts nothing.
    this.#thinking = Number.POSITIVE_INFINITY
  }

  #start(): void {
    this.#startedAt = performance.now()
    const late = () => this.#abort.abort(new DOMException('the time limit is over', 'TimeoutError'))
    this.#timer = setTimeout(late, Math.max(0, this.#leftMs)).unref()
  }
}
