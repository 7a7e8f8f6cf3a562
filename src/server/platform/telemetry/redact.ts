import { Secret } from '../vault/secret.ts'

const blank = '[secret]'
const secretName = /pass(word|phrase)?$|secret|token$|authorization|cookie|api-?_?key$|private-?_?key|credential|^ciphertext$/i
/** Credentials inside a text: in an address, after Bearer or Basic, and keys in the form the large providers give them. */
const secretText =
  /(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)|(?<=\b(?:Bearer|Basic) )[\w.~+/=-]{8,}|\b(?:sk|xai|pk|rk)-[\w-]{12,}|\bAIza[\w-]{20,}/g
const maxDepth = 5

export function redactText(text: string): string {
  return text.replace(secretText, blank)
}

/** A copy without secrets. Errors pass as they are: their serialiser redacts what it prints. */
export function redact(fields: Record<string, unknown>): Record<string, unknown> {
  return redactObject(fields, 0)
}

function redactObject(object: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(object))
    copy[name] = secretName.test(name) && isContent(value) ? blank : redactValue(value, depth + 1)
  return copy
}

/** Numbers and booleans under such a name are counts and switches (`maxToken`, `hasPassword`). */
function isContent(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null)
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date) return value
  if (value instanceof Secret) return blank
  if (depth > maxDepth) return '[deep]'
  if (Array.isArray(value)) return value.map((entry) => redactValue(entry, depth + 1))
  return redactObject(value, depth)
}
