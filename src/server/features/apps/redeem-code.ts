import { createHash, timingSafeEqual } from 'node:crypto'
import { hashOfKey } from '../../platform/auth/actor-source.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { AppDeps } from './apps-deps.ts'
import { endGrant } from './end-grant.ts'
import * as store from './store.ts'
import { answerOf, firstPair, type TokenAnswer } from './tokens.ts'

export interface CodeRequest {
  clientId: string
  code: string
  verifier: string
  redirectUri: string | null
}

/**
 * The code for tokens, once. A second use ends what the first one gave, since one of both is a thief; but not where the program itself asks again at once, which knows the
 * verifier and has lost the answer: that is refused and no more.
 * Error: `app.grant_invalid`.
 */
export async function redeemCode(deps: Pick<AppDeps, 'db' | 'door' | 'tell'>, input: CodeRequest): Promise<TokenAnswer> {
  const code = await store.findCode(deps.db, hashOfKey(input.code))
  if (!code || code.client_id !== input.clientId) throw new AppError('app.grant_invalid')
  const isProven = isVerifierOf(code.challenge, input.verifier) && (input.redirectUri === null || input.redirectUri === code.redirect_uri)
  if (code.is_used) {
    if (code.grant_id && !(isProven && code.is_repeated)) await endGrant(deps, code.user_id, code.grant_id)
    throw new AppError('app.grant_invalid')
  }
  if (!isProven) throw new AppError('app.grant_invalid')
  const pair = firstPair()
  const told = await deps.db.transaction().execute(async (tx) => {
    if (!(await store.useCode(tx, code.id)) || !(await store.isAlive(tx, code.user_id, code.workspace_id)))
      throw new AppError('app.grant_invalid')
    const grantId = await store.insertGrant(tx, code)
    await store.insertPair(
      tx,
      { grantId, workspaceId: code.workspace_id },
      { accessHash: hashOfKey(pair.access), refreshHash: hashOfKey(pair.refresh) },
    )
    return deps.tell(tx, [code.user_id], { type: 'apps-changed' })
  })
  told()
  return answerOf(pair, code.scopes)
}

function isVerifierOf(challenge: string, verifier: string): boolean {
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false
  const made = createHash('sha256').update(verifier).digest()
  const expected = Buffer.from(challenge, 'base64url')
  return made.length === expected.length && timingSafeEqual(made, expected)
}
