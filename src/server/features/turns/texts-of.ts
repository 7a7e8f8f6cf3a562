/** Numbers of so many digits say as much as a text: an account, a card, a telephone. */
const isTelling = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) >= 1e7

/** Every text in a JSON value, keys aside, in one order. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (isTelling(value)) return [String(value)]
  if (Array.isArray(value)) return value.flatMap(textsOf)
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : []
}

/** The same value with other texts, given in that order. */
export function withTexts<Value>(value: Value, texts: readonly string[]): Value {
  let at = 0
  const replace = (inner: unknown): unknown => {
    if (typeof inner === 'string') return texts[at++] ?? inner
    if (isTelling(inner)) {
      const text = texts[at++] ?? String(inner)
      return text === String(inner) ? inner : text
    }
    if (Array.isArray(inner)) return inner.map(replace)
    if (inner === null || typeof inner !== 'object') return inner
    return Object.fromEntries(Object.entries(inner).map(([key, one]) => [key, replace(one)]))
  }
  return replace(value) as Value
}
