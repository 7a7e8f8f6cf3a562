/** JSON Pointers (RFC 6901) as A2UI uses them: `/` is the whole. */

export function isPointer(path: string): boolean {
  return path.startsWith('/') && !/~(?![01])/.test(path)
}

/** Undefined where it leads nowhere. */
export function atPointer(value: unknown, path: string): unknown {
  return keysOf(path).reduce(
    (at: unknown, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined,
    value,
  )
}

/** A copy with another value there; undefined takes it away. */
export function setAtPointer(value: unknown, path: string, next: unknown): unknown {
  const [key, ...rest] = keysOf(path)
  if (key === undefined) return next ?? {}
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }
  const below = rest.length === 0 ? next : setAtPointer(atPointer(value, `/${escape(key)}`), `/${rest.map(escape).join('/')}`, next)
  // A key such as __proto__ is data like any other.
  Object.defineProperty(copy, key, { value: below, enumerable: true, configurable: true, writable: true })
  if (below === undefined) Reflect.deleteProperty(copy, key)
  return copy
}

function keysOf(path: string): string[] {
  if (path === '/') return []
  return path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function escape(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
