import type { Deps } from '../../deps.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { SessionCookie } from '../../platform/auth/session-cookie.ts'
import type { Tell } from '../events/index.ts'
import type { AuthLibrary } from './auth-library.ts'

/** What this feature needs of others comes as functions, so that it imports none of them. */
export interface PeopleDeps extends Pick<Deps, 'config' | 'log' | 'db' | 'door'> {
  auth: AuthLibrary
  cookie: SessionCookie
  /** Error: `model.not_found`. */
  assertModelUsable(actor: Actor, modelId: string): Promise<void>
  tell: Tell
  /** A person's default model changed, so what was resolved with it no longer holds. */
  onSettingsChanged(principalId: string): void
}
