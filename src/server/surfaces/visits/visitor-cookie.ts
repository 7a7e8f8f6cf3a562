import { readCookie } from '../../platform/auth/door.ts'

const days = 30

/** The cookie of a visitor: of one page only, and set when they first write. */
export function visitorCookie(publicUrl: string | undefined) {
  const isSecure = publicUrl?.startsWith('https:') ?? false
  const name = isSecure ? '__Secure-parley_visitor' : 'parley_visitor'
  return {
    read: (header: string | undefined) => readCookie(header, name),
    set: (token: string, slug: string) =>
      `${name}=${token}; Max-Age=${days * 86_400}; Path=/@${slug}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`,
  }
}
