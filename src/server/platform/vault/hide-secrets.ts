import type { Secret } from './secret.ts'

/** Of a failure: what is shorter is said by chance. */
const shortest = 6
/** In an answer a folder or the name of a host must stay what it is, or nobody could work with it. */
const confidential = /key|token|secret|pass|pwd|auth|credential|cookie|session|dsn|sign/i

export interface Hider {
  /** In words of a failure: each value that the server was given. */
  words(text: string): string
  /** In an answer, however deep: those whose name says that they are secret. */
  answer<T>(value: T): T
  /** A token that comes and goes. */
  learn(name: string, value: Secret): void
}

/** Takes what a server was trusted with out of what it says: programs print their settings when they fail, services repeat the key that they refuse. */
export function createHider(secrets: Readonly<Record<string, Secret>>): Hider {
  const values = new Map<string, string>()
  const learn = (name: string, secret: Secret) => {
    const value = secret.reveal()
    // `Bearer …` is also said without its first word.
    for (const piece of [value, value.replace(/^(?:Bearer|Basic|Token)\s+/i, '')]) if (piece.length >= shortest) values.set(piece, name)
  }
  for (const [name, secret] of Object.entries(secrets)) learn(name, secret)

  // The longest first: one may hold another.
  const known = (isFit: (name: string) => boolean) => [...values].filter(([, name]) => isFit(name)).sort(([a], [b]) => b.length - a.length)
  const without = (text: string, hidden: [string, string][]) =>
    hidden.reduce((rest, [value, name]) => rest.replaceAll(value, () => `[hidden: ${name}]`), text)
  const deep = (value: unknown, hidden: [string, string][]): unknown => {
    if (typeof value === 'string') return without(value, hidden)
    if (Array.isArray(value)) return value.map((item) => deep(item, hidden))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item, hidden)]))
  }

  return {
    learn,
    words: (text) =>
      without(
        text,
        known(() => true),
      ),
    answer: <T>(value: T) => {
      const hidden = known((name) => confidential.test(name))
      return hidden.length === 0 ? value : (deep(value, hidden) as T)
    },
  }
}
