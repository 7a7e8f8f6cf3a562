import type { Actor } from './index.ts'

const policies: ReadonlySet<string> = new Set(['conversation:read', 'message:read', 'turn:create', 'turn:read', 'turn:stop'])

/** Somebody who never signs up: a contact of a platform, a visitor of a page. What they do is paid by the workspace, with its keys and budgets. */
export function guestActor(guest: { kind: 'contact' | 'visitor'; principalId: string; name: string; workspaceId: string }): Actor {
  return {
    principalId: guest.principalId,
    kind: guest.kind,
    name: guest.name,
    grants: [{ scope: 'guest', scopeId: guest.workspaceId, role: guest.kind, policies }],
    scopes: null,
    sessionId: null,
    apiKeyId: null,
    homeWorkspaceId: guest.workspaceId,
  }
}

export function isGuest(actor: Actor): boolean {
  return actor.kind === 'contact' || actor.kind === 'visitor'
}
