const between = '\n\n'

/**
 * The agent's instructions with those of a package in the place of those of the version before. What a person has changed in them stays as they left it: then the new ones are not
 * put in, since nobody could say what to keep.
 */
export function combineInstructions(current: string, before: string, after: string): string {
  if (before === after) return current
  if (before === '') return current === '' ? after : `${current}${between}${after}`
  const at = current.indexOf(before)
  if (at === -1) return current
  const head = current.slice(0, at)
  const tail = current.slice(at + before.length)
  if (after !== '') return `${head}${after}${tail}`
  return [head, tail]
    .map((part) => part.trim())
    .filter(Boolean)
    .join(between)
}
