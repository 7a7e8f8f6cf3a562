import { withScheme } from '../addresses.ts'

/** The site that somebody typed, as a browser names it. Undefined for what is none, or more than one: a path is not taken, since it would not hold. */
export function originOf(typed: string): string | undefined {
  const text = withScheme(typed)
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined
  const { origin, href } = new URL(text)
  return href === `${origin}/` ? origin : undefined
}
