export type Priority = 'foreground' | 'background'

/** One holder at a time. Whoever waits in the foreground goes before everybody in the background; equals go in the order in which they came. */
export class PriorityLock {
  readonly #waiting: Record<Priority, (() => void)[]> = { foreground: [], background: [] }
  #isHeld = false

  acquire(priority: Priority): Promise<void> {
    if (!this.#isHeld) {
      this.#isHeld = true
      return Promise.resolve()
    }
    return new Promise((resolve) => this.#waiting[priority].push(resolve))
  }

  release(): void {
    const next = this.#waiting.foreground.shift() ?? this.#waiting.background.shift()
    if (next) next()
    else this.#isHeld = false
  }

  get waiting(): number {
    return this.#waiting.foreground.length + this.#waiting.background.length
  }
}
