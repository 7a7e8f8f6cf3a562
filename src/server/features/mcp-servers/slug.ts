/** Letters, digits and hyphens of a name, at most 24, and not one of those taken. */
export function slugOf(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
    .replaceAll(/^-+|-+$/g, '')
  const base = plain || 'server'
  if (!taken.includes(base)) return base
  for (let number = 2; ; number++) {
    const numbered = `${base.slice(0, 23 - String(number).length)}-${number}`
    if (!taken.includes(numbered)) return numbered
  }
}
