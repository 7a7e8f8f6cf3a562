import { p } from './strings.ts'

const minPasswordLength = 10

/** What the server would refuse, said before it is asked. */
export function checkNewCredentials({ email, password }: { email: string; password: string }): { email?: string; password?: string } {
  return {
    ...(/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim()) ? {} : { email: p('sign_up.bad_email') }),
    ...(password.length >= minPasswordLength ? {} : { password: p('sign_up.short_password', { count: password.length }) }),
  }
}
