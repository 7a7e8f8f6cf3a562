import type { Action, Resource } from '../../../contract/endpoint.ts'
import { AppError } from '../errors/index.ts'

export { guestActor, isGuest } from './guest.ts'

export const systemWorkspaceId = '00000000-0000-7000-8000-000000000001'
export const systemPrincipalId = '00000000-0000-7000-8000-000000000002'

export interface Grant {
  /** `guest`: of somebody who never signs up. It reaches their own rows and nothing of a workspace. */
  scope: 'system' | 'workspace' | 'agent' | 'page' | 'guest'
  scopeId: string
  role: string
  /** `resource:action`, either side may be `*`. */
  policies: ReadonlySet<string>
}

/** Who is acting, as known at most 5 seconds ago. Built only by the door (session, API key, visitor token), never by a feature. */
export interface Actor {
  readonly principalId: string
  readonly kind: 'user' | 'contact' | 'visitor' | 'agent' | 'system'
  readonly name: string
  readonly grants: readonly Grant[]
  /** Null: everything the grants allow. Set for API keys and connected apps. */
  readonly scopes: readonly string[] | null
  readonly sessionId: string | null
  /** The API key by which they came, or the connected app. */
  readonly apiKeyId: string | null
  /** Where things go that name no workspace (calls of `/v1`): the API key's workspace, else the person's own. */
  readonly homeWorkspaceId: string
}

/** `pageId`: of a page of that workspace, where a grant at scope page holds beside those of the workspace. */
export type Where = { workspaceId: string; pageId?: string } | 'system' | 'own'

function matches(policies: Iterable<string>, resource: Resource, action: Action): boolean {
  for (const policy of policies) {
    const [ofResource, ofAction] = policy.split(':')
    if ((ofResource === '*' || ofResource === resource) && (ofAction === undefined || ofAction === '*' || ofAction === action)) return true
  }
  return false
}

/** Whether the actor's grants and key scopes hold the policy there. Rows are a second wall: every query names their owner. */
export function may(actor: Actor, resource: Resource, action: Action, where: Where): boolean {
  if (actor.scopes && !matches(actor.scopes, resource, action)) return false
  return actor.grants.some((grant) => {
    if (!matches(grant.policies, resource, action)) return false
    if (where === 'own') return true
    if (where === 'system') return grant.scope === 'system'
    if (grant.scope === 'page') return grant.scopeId === where.pageId
    return grant.scope === 'workspace' ? grant.scopeId === where.workspaceId : grant.scope === 'system' && grant.policies.has('*:*')
  })
}

export function isMember(actor: Actor, workspaceId: string): boolean {
  return actor.grants.some((grant) => grant.scope === 'workspace' && grant.scopeId === workspaceId)
}

/** The workspaces whose rows with visibility `workspace` the actor sees. */
export function workspaceIdsOf(actor: Actor): string[] {
  return actor.grants.filter((grant) => grant.scope === 'workspace').map((grant) => grant.scopeId)
}

function hasRoleAt(actor: Actor, pageId: string): boolean {
  return actor.grants.some((grant) => grant.scope === 'page' && grant.scopeId === pageId)
}

/**
 * The gate. Every operation begins with it, whichever surface called.
 * Errors: `workspace.not_found` to strangers of a workspace, `page.not_found` to strangers of a page, `auth.scope_missing` for a key that is too narrow, `auth.forbidden` otherwise.
 */
export function check(actor: Actor, resource: Resource, action: Action, where: Where): void {
  if (may(actor, resource, action, where)) return
  if (actor.scopes && !matches(actor.scopes, resource, action)) throw new AppError('auth.scope_missing')
  if (typeof where === 'object' && !isMember(actor, where.workspaceId)) {
    if (where.pageId === undefined) throw new AppError('workspace.not_found')
    if (!hasRoleAt(actor, where.pageId)) throw new AppError('page.not_found')
  }
  throw new AppError('auth.forbidden')
}
