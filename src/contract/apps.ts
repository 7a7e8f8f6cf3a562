import { z } from 'zod'
import { appKinds, appScopes } from './app-choices.ts'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { AppId, Instant, WorkspaceId } from './ids.ts'

export const AppScope = z.enum(appScopes)

/** The query of the address to which a program sent the person (RFC 6749, section 4.1.1), without the question mark. */
const Query = z.string().max(8_000)

export const AppRequest = z.object({
  /** As the program calls itself; nobody has verified it. */
  name: z.string(),
  kind: z.enum(appKinds),
  /** Where the answer goes: the host of a site, or the scheme of a program. */
  returnsTo: z.string(),
  /** The host that describes the program, where one does: whoever holds that name stands behind it. Null: it has registered itself. */
  publishedBy: z.string().nullable(),
  /** What it asks for. The person may grant less. */
  scopes: z.array(AppScope),
})
export type AppRequest = z.infer<typeof AppRequest>

/** A program that a person has let in. */
export const ConnectedApp = z.object({
  id: AppId,
  name: z.string(),
  kind: z.enum(appKinds),
  returnsTo: z.string(),
  publishedBy: z.string().nullable(),
  workspaceId: WorkspaceId,
  scopes: z.array(AppScope),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
})
export type ConnectedApp = z.infer<typeof ConnectedApp>

export const apps = {
  /** What a program asks for, before the person decides. */
  request: endpoint
    .route({ method: 'POST', path: '/apps/requests' })
    .meta({ access: { resource: 'app', action: 'read', whose: 'self' } })
    .input(z.strictObject({ query: Query }))
    .output(AppRequest)
    .errors(errors('app.request_invalid', 'app.unreadable')),

  /** Lets it in, or not; `url` is where the browser takes the answer. Only by a person in a session. */
  decide: endpoint
    .route({ method: 'POST', path: '/apps/decisions' })
    .meta({ access: { resource: 'app', action: 'create', whose: 'self' } })
    .input(
      z.strictObject({
        query: Query,
        /** Null: nothing. */
        grant: z.strictObject({ workspaceId: WorkspaceId, scopes: z.array(AppScope).min(1) }).nullable(),
      }),
    )
    .output(z.object({ url: z.string() }))
    .errors(errors('app.request_invalid', 'app.unreadable', 'app.session_needed', 'workspace.not_found')),

  list: endpoint
    .route({ method: 'GET', path: '/apps' })
    .meta({ access: { resource: 'app', action: 'read', whose: 'self' } })
    .output(z.array(ConnectedApp)),

  /** Ends all that it was given, at once. */
  disconnect: endpoint
    .route({ method: 'DELETE', path: '/apps/{id}' })
    .meta({ access: { resource: 'app', action: 'delete', whose: 'self' } })
    .input(z.strictObject({ id: AppId }))
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('app.not_found')),
}
