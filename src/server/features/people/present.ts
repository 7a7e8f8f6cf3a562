import type { z } from 'zod'
import type { AccessMap, ApiKey, Me, Session, User } from '../../../contract/people.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { ApiKeyRow } from './api-key-store.ts'
import { placeholderDomain } from './enter.ts'
import type { MeRow } from './me-store.ts'
import type { SessionRow } from './session-store.ts'
import type { UserRow } from './user-store.ts'

export function presentMe(row: MeRow, actor: Actor): z.input<typeof Me> {
  return {
    id: row.id,
    name: row.name,
    email: presentEmail(row.email),
    hasPassword: row.has_password,
    status: row.status,
    role: row.role,
    profile: {
      firstName: row.first_name,
      lastName: row.last_name,
      bio: row.bio,
      pictureUrl: row.picture_url,
      city: row.city,
      region: row.region,
      country: row.country,
      postalCode: row.postal_code,
      lat: row.lat,
      lng: row.lng,
      timezone: row.timezone,
    },
    settings: { theme: row.theme, defaultModelId: row.default_model_id, webSearch: row.web_search, sharesLocation: row.shares_location },
    access: accessMap(actor),
    workspaces: row.workspaces ?? [],
  }
}

function accessMap(actor: Actor): z.input<typeof AccessMap> {
  const access: z.input<typeof AccessMap> = { system: [], workspaces: {}, pages: {} }
  for (const { scope, scopeId, policies } of actor.grants) {
    if (scope === 'system') access.system = [...policies].sort()
    if (scope === 'workspace') access.workspaces[scopeId] = [...policies].sort()
    if (scope === 'page') access.pages[scopeId] = [...policies].sort()
  }
  return access
}

function presentEmail(email: string): string {
  return email.endsWith(placeholderDomain) ? '' : email
}

export function presentSession(row: SessionRow, currentId: string | null): z.input<typeof Session> {
  return {
    id: row.id,
    isCurrent: row.id === currentId,
    ipAddress: row.ip_address || null,
    userAgent: row.user_agent || null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }
}

export function presentApiKey(row: ApiKeyRow): z.input<typeof ApiKey> {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes as z.input<typeof ApiKey>['scopes'],
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    expiresAt: row.expires_at?.toISOString() ?? null,
  }
}

export function presentUser(row: UserRow): z.input<typeof User> {
  return {
    id: row.id,
    name: row.name,
    email: presentEmail(row.email),
    status: row.status,
    role: row.role,
    createdAt: row.created_at.toISOString(),
  }
}
