import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../vault/secret.ts'

export const sessionDays = 30

export interface SessionCookie {
  /** Without the `__Secure-` that the browser sees under https. */
  readonly name: string
  readonly fullName: string
  readonly isSecure: boolean
  /** The `Set-Cookie` of a session. */
  set(token: string): string
  /** The `Set-Cookie` that takes it away. */
  clear(): string
  /** The token in a cookie's value, if this server signed it. */
  read(value: string): string | undefined
}

/** `<token>.<HMAC-SHA256 in base64>`, URL-encoded: the form of better-auth, which opens the sessions. */
export function sessionCookie(secret: Secret, publicUrl: string | undefined): SessionCookie {
  const isSecure = publicUrl?.startsWith('https:') ?? false
  const name = 'parley_session'
  const fullName = isSecure ? `__Secure-${name}` : name
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  const sign = (token: string) => createHmac('sha256', secret.reveal()).update(token).digest()
  return {
    name,
    fullName,
    isSecure,
    set: (token) =>
      `${fullName}=${encodeURIComponent(`${token}.${sign(token).toString('base64')}`)}; Max-Age=${sessionDays * 86_400}; ${attributes}`,
    clear: () => `${fullName}=; Max-Age=0; ${attributes}`,
    read(value) {
      let decoded: string
      try {
        decoded = decodeURIComponent(value)
      } catch {
        return undefined
      }
      const dot = decoded.lastIndexOf('.')
      if (dot < 1) return undefined
      const token = decoded.slice(0, dot)
      const given = Buffer.from(decoded.slice(dot + 1), 'base64')
      const expected = sign(token)
      return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined
    },
  }
}
