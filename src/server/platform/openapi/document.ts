import { parse } from 'yaml'

export type Node = Record<string, unknown>

export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)
export const nodeOf = (value: unknown): Node => (isNode(value) ? value : {})
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** JSON first, which is quick; else YAML, whose aliases may unfold to so much and no more. */
export function parseText(text: string): unknown {
  if (/^\s*[{[]/.test(text)) {
    try {
      return JSON.parse(text)
    } catch {
      // YAML can begin with a bracket as well.
    }
  }
  return parse(text, { maxAliasCount: 100, prettyErrors: true, logLevel: 'error' })
}

/** Words of a description, for a model and a screen: one that hides what it says in characters that nobody sees is shown as it is without them. */
export function plainWords(value: unknown, maxLength: number): string {
  const words = textOf(value)
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\s]+/gu, ' ')
    .trim()
  return words.length > maxLength ? `${words.slice(0, maxLength - 1).trimEnd()}…` : words
}

/** What a `$ref` within the document points at (RFC 6901), followed to its end. Undefined: it is elsewhere, missing, or points at itself. */
export function resolve(document: Node, value: unknown): unknown {
  let current = value
  for (let hops = 0; hops < 16; hops++) {
    if (!isNode(current) || typeof current.$ref !== 'string') return current
    const found = follow(document, current.$ref)
    if (found === undefined) return undefined
    current = found
  }
  return undefined
}

function follow(document: Node, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined
  let current: unknown = document
  for (const part of reference.slice(2).split('/')) {
    const key = decode(part)?.replaceAll('~1', '/').replaceAll('~0', '~')
    if (key === undefined || typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined
    current = (current as Node)[key]
  }
  return current
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
