/** The named ids first, the others after them as they were. Undefined when one of the named is not there. */
export function wholeOrder(rows: readonly { id: string }[], first: readonly string[]): string[] | undefined {
  const known = rows.map(({ id }) => id)
  if (!first.every((id) => known.includes(id))) return undefined
  return [...first, ...known.filter((id) => !first.includes(id))]
}
