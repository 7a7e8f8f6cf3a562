export interface WindowCounterOptions {
  /** So many within a window are let through. */
  limit: number
  windowMs: number
  /** The oldest are forgotten beyond it, so that made-up subjects cannot fill the memory. */
  maxSubjects?: number
}

/** Counts what happens to subjects within windows of time, in the memory of this process: for what has to be refused without asking the database. */
export class WindowCounter {
  readonly #options: Required<WindowCounterOptions>
  readonly #windows = new Map<string, { count: number; endsAt: number }>()

  constructor(options: WindowCounterOptions) {
    this.#options = { maxSubjects: 20_000, ...options }
  }

  /** How long the subject has to wait, in whole seconds; 0 while it is below the limit. */
  waitSeconds(subject: string): number {
    const window = this.#windows.get(subject)
    const now = performance.now()
    if (!window || window.endsAt <= now || window.count < this.#options.limit) return 0
    return Math.max(1, Math.ceil((window.endsAt - now) / 1000))
  }

  add(subject: string): void {
    const now = performance.now()
    const window = this.#windows.get(subject)
    if (window && window.endsAt > now) {
      window.count++
      return
    }
    this.#windows.delete(subject) // so that the new one is the youngest in the map's order
    this.#windows.set(subject, { count: 1, endsAt: now + this.#options.windowMs })
    if (this.#windows.size > this.#options.maxSubjects) this.#windows.delete(this.#windows.keys().next().value!)
  }
}
