import { hashOfKey } from '../../platform/auth/actor-source.ts'
import type { AppDeps } from './apps-deps.ts'
import { endGrant } from './end-grant.ts'
import * as store from './store.ts'

/** A program gives back what it was given, all of it (RFC 7009). What it does not hold is no error. */
export async function revokeToken(
  deps: Pick<AppDeps, 'db' | 'door' | 'tell'>,
  { clientId, token }: { clientId: string; token: string },
): Promise<void> {
  const found = await store.findGrantOfToken(deps.db, hashOfKey(token))
  if (found?.client_id === clientId) await endGrant(deps, found.user_id, found.grant_id)
}
