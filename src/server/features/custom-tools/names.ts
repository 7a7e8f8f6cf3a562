const maxLength = 24

/** A beginning for names of tools, from what people call it, that none of the others has. */
export function slugFor(name: string, taken: readonly string[]): string {
  const plain =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .slice(0, maxLength)
      .replaceAll(/^_+|_+$/g, '') || 'tool'
  for (let number = 1; ; number++) {
    const slug = number === 1 ? plain : `${plain.slice(0, maxLength - 3)}_${number}`
    if (!taken.includes(slug)) return slug
  }
}
