import { hashOfKey } from '../../platform/auth/actor-source.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { AppDeps } from './apps-deps.ts'
import { endGrant } from './end-grant.ts'
import * as store from './store.ts'
import { answerOf, nextPair, type TokenAnswer } from './tokens.ts'

/**
 * A refresh token for the next pair; each is used once. Sent again within seconds it brings the same pair again, whether its answer was lost or two processes of the
 * program asked at the same moment; sent again later it ends everything, since one of both is a thief (RFC 9700, section 4.14.2).
 * Error: `app.grant_invalid`.
 */
export async function refreshTokens(
  deps: Pick<AppDeps, 'db' | 'door' | 'tell' | 'tokenSecret'>,
  { clientId, refreshToken }: { clientId: string; refreshToken: string },
): Promise<TokenAnswer> {
  const hash = hashOfKey(refreshToken)
  const known = await store.findRefreshToken(deps.db, hash)
  if (!known || known.client_id !== clientId || known.is_expired) throw new AppError('app.grant_invalid')
  const pair = nextPair(deps.tokenSecret, refreshToken)
  const hashes = { accessHash: hashOfKey(pair.access), refreshHash: hashOfKey(pair.refresh) }
  const isFirst =
    !known.is_used &&
    (await deps.db.transaction().execute(async (tx) => {
      if (!(await store.isAlive(tx, known.user_id, known.workspace_id))) throw new AppError('app.grant_invalid')
      if (!(await store.useRefreshToken(tx, known.id))) return false
      await store.insertPair(tx, { grantId: known.grant_id, workspaceId: known.workspace_id }, hashes)
      return true
    }))
  if (isFirst) return answerOf(pair, known.scopes)

  const again = await store.findRefreshToken(deps.db, hash)
  if (!again) throw new AppError('app.grant_invalid')
  if (!again.is_repeated) {
    await endGrant(deps, again.user_id, again.grant_id)
    throw new AppError('app.grant_invalid')
  }
  const seconds = await store.secondsLeft(deps.db, hashes)
  if (seconds === undefined) throw new AppError('app.grant_invalid')
  return answerOf(pair, again.scopes, seconds)
}
