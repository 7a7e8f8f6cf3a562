import { z } from 'zod'
import { appScopes } from './app-choices.ts'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { ApiKeyId, Instant, ModelId, SessionId, UserId, WorkspaceId } from './ids.ts'
import { WebSearch } from './models.ts'

const Email = z.string().trim().toLowerCase().pipe(z.email().max(254))
const Password = z.string().min(10, 'at least 10 characters').max(256)
const Name = z.string().trim().max(100)

export const UserStatus = z.enum(['active', 'inactive', 'disabled'])
export const RoleName = z.enum(['Admin', 'Super User', 'User'])
export const Theme = z.enum(['light', 'dark', 'system'])

export const Profile = z.object({
  firstName: z.string(),
  lastName: z.string(),
  bio: z.string().nullable(),
  pictureUrl: z.string().nullable(),
  city: z.string().nullable(),
  region: z.string().nullable(),
  country: z.string().nullable(),
  postalCode: z.string().nullable(),
  lat: z.number().nullable(),
  lng: z.number().nullable(),
  timezone: z.string().nullable(),
})
export type Profile = z.infer<typeof Profile>

export const UserSettings = z.object({
  theme: Theme,
  defaultModelId: ModelId.nullable(),
  /** For their conversations that say nothing else. */
  webSearch: WebSearch.nullable(),
  /** A provider's search may be told where they are: city, region, country and time zone, or about where on the map. */
  sharesLocation: z.boolean(),
})
export type UserSettings = z.infer<typeof UserSettings>

/** What the screens ask before they show something; the server decides again on every call. Entries are `resource:action`, with `*`. */
export const AccessMap = z.object({
  system: z.array(z.string()),
  workspaces: z.record(z.string(), z.array(z.string())),
  /** Where the person holds a role on a page itself. */
  pages: z.record(z.string(), z.array(z.string())),
})
export type AccessMap = z.infer<typeof AccessMap>

export const Me = z.object({
  id: UserId,
  name: z.string(),
  email: z.string(),
  /** False until the person who came by the one-time link has set an e-mail and a password. */
  hasPassword: z.boolean(),
  status: UserStatus,
  role: RoleName,
  profile: Profile,
  settings: UserSettings,
  access: AccessMap,
  workspaces: z.array(z.object({ id: WorkspaceId, name: z.string(), kind: z.enum(['personal', 'team']), role: RoleName })),
})
export type Me = z.infer<typeof Me>

export const Session = z.object({
  id: SessionId,
  isCurrent: z.boolean(),
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: Instant,
  updatedAt: Instant,
  expiresAt: Instant,
})
export type Session = z.infer<typeof Session>

/** Scopes are a subset of the policies: `resource:action`, or `*` for all that the person may do. Those of apps stand for several policies each. */
export const ApiKeyScope = z.enum(['*', 'conversation:read', 'conversation:create', 'turn:create', 'model:use', 'usage:read', ...appScopes])
export const ApiKey = z.object({
  id: ApiKeyId,
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(ApiKeyScope),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
  expiresAt: Instant.nullable(),
})
export type ApiKey = z.infer<typeof ApiKey>

export const User = z.object({
  id: UserId,
  name: z.string(),
  email: z.string(),
  status: UserStatus,
  role: RoleName,
  createdAt: Instant,
})
export type User = z.infer<typeof User>

const anyone = { access: { resource: 'session', action: 'create', whose: 'anyone' } } as const
const Done = z.object({ ok: z.literal(true) })

export const people = {
  signUp: endpoint
    .route({ method: 'POST', path: '/sign-up' })
    .meta(anyone)
    .input(z.strictObject({ name: Name.min(1), email: Email, password: Password }))
    .output(Me)
    .errors(errors('auth.sign_up_closed', 'auth.email_taken', 'request.rate_limited')),

  signIn: endpoint
    .route({ method: 'POST', path: '/sign-in' })
    .meta(anyone)
    .input(z.strictObject({ email: Email, password: z.string().max(256) }))
    .output(Me)
    .errors(errors('auth.invalid_credentials', 'auth.disabled', 'request.rate_limited')),

  /** Spends the one-time link that the server printed and opens a session of the first administrator. */
  enter: endpoint
    .route({ method: 'POST', path: '/enter' })
    .meta(anyone)
    .input(z.strictObject({ token: z.string().min(20).max(200) }))
    .output(Me)
    .errors(errors('auth.entry_link_used')),

  signOut: endpoint
    .route({ method: 'POST', path: '/sign-out' })
    .meta({ access: { resource: 'session', action: 'delete', whose: 'self' } })
    .output(Done),

  me: endpoint
    .route({ method: 'GET', path: '/me' })
    .meta({ access: { resource: 'profile', action: 'read', whose: 'self' } })
    .output(Me),

  updateProfile: endpoint
    .route({ method: 'PATCH', path: '/me/profile' })
    .meta({ access: { resource: 'profile', action: 'update', whose: 'self' } })
    .input(
      z.strictObject({
        firstName: Name.optional(),
        lastName: Name.optional(),
        bio: z.string().max(2000).nullable().optional(),
        pictureUrl: z
          .url({ protocol: /^https?$/ })
          .max(2048)
          .nullable()
          .optional(),
        city: Name.nullable().optional(),
        region: Name.nullable().optional(),
        country: Name.nullable().optional(),
        postalCode: z.string().max(20).nullable().optional(),
        lat: z.number().min(-90).max(90).nullable().optional(),
        lng: z.number().min(-180).max(180).nullable().optional(),
        timezone: z.string().max(64).nullable().optional(),
      }),
    )
    .output(Me),

  updateSettings: endpoint
    .route({ method: 'PATCH', path: '/me/settings' })
    .meta({ access: { resource: 'profile', action: 'update', whose: 'self' } })
    .input(z.strictObject(UserSettings.partial().shape))
    .output(Me)
    .errors(errors('model.not_found')),

  /** Sets e-mail and password: the first time freely (entry by link), afterwards with the current password. Ends all other sessions. */
  setCredentials: endpoint
    .route({ method: 'PUT', path: '/me/credentials' })
    .meta({ access: { resource: 'profile', action: 'update', whose: 'self' } })
    .input(z.strictObject({ email: Email, password: Password, currentPassword: z.string().max(256).optional() }))
    .output(Me)
    .errors(errors('auth.invalid_credentials', 'auth.email_taken')),

  listSessions: endpoint
    .route({ method: 'GET', path: '/me/sessions' })
    .meta({ access: { resource: 'session', action: 'read', whose: 'self' } })
    .output(z.array(Session)),

  revokeSession: endpoint
    .route({ method: 'DELETE', path: '/me/sessions/{id}' })
    .meta({ access: { resource: 'session', action: 'delete', whose: 'self' } })
    .input(z.strictObject({ id: SessionId }))
    .output(Done)
    .errors(errors('session.not_found')),

  revokeOtherSessions: endpoint
    .route({ method: 'DELETE', path: '/me/sessions' })
    .meta({ access: { resource: 'session', action: 'delete', whose: 'self' } })
    .output(Done),

  listApiKeys: endpoint
    .route({ method: 'GET', path: '/me/api-keys' })
    .meta({ access: { resource: 'api-key', action: 'read', whose: 'self' } })
    .output(z.array(ApiKey)),

  /** The key itself is in this answer and nowhere else, ever again. */
  createApiKey: endpoint
    .route({ method: 'POST', path: '/me/api-keys', successStatus: 201 })
    .meta({ access: { resource: 'api-key', action: 'create', whose: 'self' } })
    .input(
      z.strictObject({
        name: Name.min(1),
        scopes: z.array(ApiKeyScope).min(1).default(['*']),
        expiresInDays: z.number().int().min(1).max(3650).nullable().default(null),
        /** The workspace that its calls belong to and that pays for them; the person's own by default. */
        workspaceId: WorkspaceId.optional(),
      }),
    )
    .output(z.object({ apiKey: ApiKey, secret: z.string() }))
    .errors(errors('workspace.not_found')),

  revokeApiKey: endpoint
    .route({ method: 'DELETE', path: '/me/api-keys/{id}' })
    .meta({ access: { resource: 'api-key', action: 'delete', whose: 'self' } })
    .input(z.strictObject({ id: ApiKeyId }))
    .output(Done)
    .errors(errors('api-key.not_found')),

  listUsers: endpoint
    .route({ method: 'GET', path: '/users' })
    .meta({ access: { resource: 'user', action: 'read', whose: 'system' } })
    .output(z.array(User)),

  updateUser: endpoint
    .route({ method: 'PATCH', path: '/users/{id}' })
    .meta({ access: { resource: 'user', action: 'update', whose: 'system' } })
    .input(z.strictObject({ id: UserId, status: UserStatus.optional(), role: RoleName.optional() }))
    .output(User)
    .errors(errors('user.not_found', 'user.last_admin')),
}
