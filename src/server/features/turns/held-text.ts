import type { Passage } from './guards.ts'

/**
 * A text that comes in pieces and is shown as far as nothing in it can still turn out to be something to hide: all but its end, of which as much is held back as
 * the longest passage has that is looked for. What was shown stays in sight for as long, so that a passage is seen whole.
 */
export class HeldText {
  readonly #window: number
  readonly #find: (text: string) => Promise<readonly Passage[]>
  #text: string
  /** Up to here it was shown, or hidden. */
  #done: number
  readonly hidden: Passage[] = []
  /** The passage for which the text ends. */
  forbidden: Passage | undefined

  /** `before` was shown already. */
  constructor(window: number, find: (text: string) => Promise<readonly Passage[]>, before = '') {
    this.#window = window
    this.#find = find
    this.#text = before.slice(-window)
    this.#done = this.#text.length
  }

  /** What may be shown of it now. */
  push(more: string): Promise<string> {
    this.#text += more
    return this.#show(false)
  }

  end(): Promise<string> {
    return this.#show(true)
  }

  async #show(isEnd: boolean): Promise<string> {
    const text = this.#text
    let limit = isEnd ? text.length : Math.max(this.#done, text.length - this.#window)
    if (limit === this.#done || this.forbidden) return ''
    let shown = ''
    let at = this.#done
    for (const passage of await this.#find(text)) {
      const { start, end, label, forbidden } = passage
      if (end <= at) continue
      if (start >= limit) break
      // It may go on. One that is longer than any may be is taken as far as it is seen.
      if (!isEnd && end > limit && text.length - start < 2 * this.#window) {
        limit = Math.max(at, start)
        break
      }
      // Of one that has begun before, the beginning was dealt with then.
      if (start >= at) {
        shown += text.slice(at, start)
        this.hidden.push(passage)
        if (forbidden) {
          this.forbidden = passage
          this.#done = text.length
          return shown
        }
        shown += `[${label}]`
      }
      at = Math.min(end, isEnd ? text.length : Math.max(limit, end))
    }
    if (at < limit) {
      shown += text.slice(at, limit)
      at = limit
    }
    const cut = Math.max(0, at - this.#window)
    this.#text = text.slice(cut)
    this.#done = at - cut
    return shown
  }
}
