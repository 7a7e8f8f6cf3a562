import { createHmac, randomBytes } from 'node:crypto'
import type { AppScope } from '../../../contract/app-choices.ts'
import type { Secret } from '../../platform/vault/index.ts'
import { accessSeconds } from './store.ts'

/** 32 random bytes behind a prefix that says what it is. */
export const makeToken = (prefix: 'pa_' | 'pr_' | 'pc_'): string => prefix + randomBytes(32).toString('base64url')

export interface TokenPair {
  access: string
  refresh: string
}

export const firstPair = (): TokenPair => ({ access: makeToken('pa_'), refresh: makeToken('pr_') })

/**
 * What comes after a refresh token. They follow from it, so whoever sends it again is told the same again, although the database has hashes only; and
 * a family of tokens has one youngest member, whoever asked how often.
 */
export function nextPair(secret: Secret, refreshToken: string): TokenPair {
  const derive = (kind: string) => createHmac('sha256', secret.reveal()).update(`${kind}\n${refreshToken}`).digest('base64url')
  return { access: `pa_${derive('access')}`, refresh: `pr_${derive('refresh')}` }
}

/** As RFC 6749, section 5.1, names it. */
export interface TokenAnswer {
  access_token: string
  token_type: 'Bearer'
  expires_in: number
  refresh_token: string
  scope: string
}

export function answerOf(
  { access, refresh }: TokenPair,
  scopes: readonly AppScope[] | readonly string[],
  seconds = accessSeconds,
): TokenAnswer {
  return { access_token: access, token_type: 'Bearer', expires_in: seconds, refresh_token: refresh, scope: scopes.join(' ') }
}
