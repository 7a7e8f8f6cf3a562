import type { Auth } from 'better-auth'
import type { SessionCookie } from '../../platform/auth/session-cookie.ts'
import { sessionDays } from '../../platform/auth/session-cookie.ts'
import type { Db } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import type { Secret } from '../../platform/vault/index.ts'

/** Where a session is opened from; shown in the list of sessions. */
export interface Client {
  address: string | null
  userAgent: string | null
}

/** better-auth behind what we need of it: passwords and opening sessions. It costs half a second to load, so it loads at its first use. */
export interface AuthLibrary {
  hashPassword(password: string): Promise<string>
  verifyPassword(hash: string, password: string): Promise<boolean>
  /** The token of a new session. Error: `auth.invalid_credentials`, equally slow whether the e-mail or the password is wrong. */
  signIn(email: string, password: string, client: Client): Promise<{ token: string; userId: string }>
  openSession(userId: string, client: Client): Promise<string>
}

export interface AuthLibraryOptions {
  db: Db
  log: Logger
  secret: Secret
  cookie: SessionCookie
  publicUrl: string | undefined
}

const addressHeader = 'x-client-address'

export function authLibrary(options: AuthLibraryOptions): AuthLibrary {
  let loading: Promise<Auth> | undefined
  const load = () => (loading ??= open(options))
  return {
    async hashPassword(password) {
      return (await (await load()).$context).password.hash(password)
    },
    async verifyPassword(hash, password) {
      return (await (await load()).$context).password.verify({ hash, password })
    },
    async signIn(email, password, client) {
      const { isAPIError } = await import('better-auth/api')
      try {
        const { token, user } = await (await load()).api.signInEmail({ body: { email, password }, headers: headersOf(client) })
        return { token, userId: user.id }
      } catch (error) {
        if (isAPIError(error) && error.statusCode === 401) throw new AppError('auth.invalid_credentials')
        throw error
      }
    },
    async openSession(userId, client) {
      const { internalAdapter } = await (await load()).$context
      const session = await internalAdapter.createSession(userId, false, {
        ipAddress: client.address ?? '',
        userAgent: client.userAgent ?? '',
      })
      return session.token
    },
  }
}

function headersOf(client: Client): Headers {
  const headers = new Headers()
  if (client.address) headers.set(addressHeader, client.address)
  if (client.userAgent) headers.set('user-agent', client.userAgent)
  return headers
}

async function open({ db, log, secret, cookie, publicUrl }: AuthLibraryOptions): Promise<Auth> {
  const { betterAuth } = await import('better-auth')
  const times = { createdAt: 'created_at', updatedAt: 'updated_at' }
  return betterAuth({
    appName: 'Parley',
    // Its own router is not mounted; the address only settles the form of its cookies.
    baseURL: publicUrl ?? 'http://localhost',
    secret: secret.reveal(),
    database: { db, type: 'postgres', transaction: false },
    emailAndPassword: { enabled: true, minPasswordLength: 10, maxPasswordLength: 256 },
    session: {
      modelName: 'session',
      expiresIn: sessionDays * 86_400,
      fields: { userId: 'user_id', expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', ...times },
    },
    user: { modelName: 'user_account', fields: { emailVerified: 'email_verified', ...times } },
    account: {
      modelName: 'account',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...times,
      },
    },
    verification: { modelName: 'verification', fields: { expiresAt: 'expires_at', ...times } },
    advanced: {
      database: { generateId: () => newId() },
      useSecureCookies: cookie.isSecure,
      cookies: { session_token: { name: cookie.name } },
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
    telemetry: { enabled: false },
    rateLimit: { enabled: false }, // counted in the database by ourselves, for all processes
    logger: { log: (level, message) => log.debug({ library: 'better-auth', level }, message) },
  }) as unknown as Auth
}
