/** How much of a message that is too long is kept: enough for the id by which its request is known. */
const keptBytes = 512

export interface LineHandler {
  onLine(line: string): void
  /** A line went beyond the limit and was thrown away while it came in. `head` and `tail` are its ends. */
  onOverlong(ends: { head: string; tail: string }): void
}

/** Cuts a stream of bytes into lines and never holds more than one line of at most `maxBytes`. */
export class BoundedLines {
  readonly #maxBytes: number
  readonly #handler: LineHandler
  #pieces: Buffer[] = []
  #bytes = 0
  #overlong: { head: Buffer; tail: Buffer } | undefined

  constructor(maxBytes: number, handler: LineHandler) {
    this.#maxBytes = maxBytes
    this.#handler = handler
  }

  append(chunk: Buffer): void {
    let from = 0
    for (;;) {
      const end = chunk.indexOf(10, from)
      this.#take(chunk.subarray(from, end === -1 ? chunk.length : end))
      if (end === -1) return
      this.#finish()
      from = end + 1
    }
  }

  #take(piece: Buffer): void {
    if (piece.length === 0) return
    if (this.#overlong) {
      this.#overlong.tail = Buffer.concat([this.#overlong.tail, piece]).subarray(-keptBytes)
      return
    }
    this.#pieces.push(piece)
    this.#bytes += piece.length
    if (this.#bytes <= this.#maxBytes) return
    const whole = Buffer.concat(this.#pieces)
    this.#overlong = { head: Buffer.from(whole.subarray(0, keptBytes)), tail: Buffer.from(whole.subarray(-keptBytes)) }
    this.#pieces = []
    this.#bytes = 0
  }

  #finish(): void {
    const overlong = this.#overlong
    const line = Buffer.concat(this.#pieces).toString('utf8')
    this.#overlong = undefined
    this.#pieces = []
    this.#bytes = 0
    if (overlong) this.#handler.onOverlong({ head: overlong.head.toString('latin1'), tail: overlong.tail.toString('latin1') })
    else if (line.trim() !== '') this.#handler.onLine(line)
  }
}
