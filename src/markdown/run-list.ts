import type { Run, Tag } from './inline-tree.ts'

/** The runs that may still find a partner, in the order of the text. */
export class RunList {
  last: Run | undefined

  add(run: Run): void {
    run.previous = this.last
    if (this.last) this.last.next = run
    this.last = run
  }

  /** What has no partner inside a link may not find one outside: forgets the runs after `floor`. */
  cut(floor: Run | undefined): void {
    if (floor) floor.next = undefined
    this.last = floor
  }

  /** CommonMark's "process emphasis", for the runs after `floor`. */
  pair(floor: Run | undefined): void {
    const bottoms = new Map<string, number>()
    let closer = floor
    if (closer === undefined) {
      closer = this.last
      while (closer?.previous) closer = closer.previous
    } else closer = closer.next
    while (closer) {
      const opener: Run | undefined = closer.canClose ? this.#findOpener(closer, floor, bottoms) : undefined
      if (!opener) {
        const next: Run | undefined = closer.next
        if (!closer.canOpen) this.#remove(closer)
        closer = next
        continue
      }
      const size = closer.mark === '~' || (opener.count >= 2 && closer.count >= 2) ? 2 : 1
      const tag: Tag = closer.mark === '~' ? 'del' : size === 2 ? 'strong' : 'em'
      opener.opens.push(tag)
      closer.closes.push(tag)
      opener.count -= size
      closer.count -= size
      // Nothing between the two can be paired with anything outside.
      opener.next = closer
      closer.previous = opener
      if (opener.count === 0) this.#remove(opener)
      if (closer.count === 0) {
        const next: Run | undefined = closer.next
        this.#remove(closer)
        closer = next
      }
    }
  }

  #findOpener(closer: Run, floor: Run | undefined, bottoms: Map<string, number>): Run | undefined {
    const key = `${closer.mark}${closer.canOpen}${closer.length % 3}`
    const bottom = bottoms.get(key) ?? floor?.order ?? -1
    for (let opener = closer.previous; opener && opener.order > bottom; opener = opener.previous) {
      if (opener.mark !== closer.mark || !opener.canOpen) continue
      const isOdd =
        (closer.canOpen || opener.canClose) &&
        (opener.length + closer.length) % 3 === 0 &&
        (opener.length % 3 !== 0 || closer.length % 3 !== 0)
      if (!isOdd) return opener
    }
    bottoms.set(key, closer.previous?.order ?? -1)
    return undefined
  }

  #remove(run: Run): void {
    if (run.previous) run.previous.next = run.next
    if (run.next) run.next.previous = run.previous
    else this.last = run.previous
  }

  /** What was opened and is still being written ends with the text. */
  closeOpen(): Run | undefined {
    const end: Run = {
      kind: 'run',
      order: 0,
      mark: '*',
      count: 0,
      length: 0,
      canOpen: false,
      canClose: false,
      opens: [],
      closes: [],
      previous: undefined,
      next: undefined,
    }
    for (let run = this.last; run; run = run.previous) {
      if (run.mark !== '*' || run.count !== 2 || !run.canOpen || run.canClose) continue
      run.opens.push('strong')
      run.count = 0
      end.closes.push('strong')
    }
    return end.closes.length > 0 ? end : undefined
  }
}
