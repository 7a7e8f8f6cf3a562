import { diffLines, diffWordsWithSpace } from 'diff'

/** A line of a comparison; the words of it that are new or gone are marked. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed'
  words: readonly { text: string; isChanged: boolean }[]
}

/** Texts that have too little in common are shown one after the other: nobody waits for more than that, nor would read it. */
const timeoutMs = 400
/** Lines longer than this are not compared word by word. */
const maxWordsLength = 2_000

/** What makes one text of the other, line by line. */
export function diffTexts(before: string, after: string): DiffLine[] {
  const parts = diffLines(before, after, { timeout: timeoutMs })
  if (!parts) return [...linesOf(before).map((line) => whole('removed', line)), ...linesOf(after).map((line) => whole('added', line))]
  const lines: DiffLine[] = []
  const endsAt = performance.now() + timeoutMs
  for (const [index, { value, added, removed }] of parts.entries()) {
    const previous = parts[index - 1]
    // Drawn with what it replaces.
    if (added && previous?.removed) continue
    const next = parts[index + 1]
    if (removed && next?.added) lines.push(...changed(linesOf(value), linesOf(next.value), endsAt))
    else lines.push(...linesOf(value).map((line) => whole(added ? 'added' : removed ? 'removed' : 'same', line)))
  }
  return lines
}

const linesOf = (text: string) => text.replace(/\n$/, '').split('\n')
const whole = (kind: DiffLine['kind'], text: string): DiffLine => ({ kind, words: [{ text, isChanged: false }] })

/** Lines in the place of others: as many as stand opposite each other are compared word by word. */
function changed(before: readonly string[], after: readonly string[], endsAt: number): DiffLine[] {
  const removed: DiffLine[] = []
  const added: DiffLine[] = []
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    const [was, is] = [before[index], after[index]]
    const words =
      was !== undefined && is !== undefined && was.length + is.length <= maxWordsLength && performance.now() < endsAt
        ? diffWordsWithSpace(was, is, { timeout: 100 })
        : undefined
    if (was !== undefined) removed.push(words ? marked('removed', words) : whole('removed', was))
    if (is !== undefined) added.push(words ? marked('added', words) : whole('added', is))
  }
  return [...removed, ...added]
}

function marked(kind: 'added' | 'removed', words: readonly { value: string; added?: boolean; removed?: boolean }[]): DiffLine {
  const other = kind === 'added' ? 'removed' : 'added'
  return { kind, words: words.filter((word) => !word[other]).map((word) => ({ text: word.value, isChanged: word[kind] === true })) }
}
