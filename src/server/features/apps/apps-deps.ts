import type { Deps } from '../../deps.ts'
import type { Secret } from '../../platform/vault/index.ts'
import type { Tell } from '../events/index.ts'

export interface AppDeps extends Pick<Deps, 'config' | 'db' | 'door' | 'egress' | 'log'> {
  tell: Tell
  /** From which a refresh token's successors follow, so that a repeated request is told the same again. */
  tokenSecret: Secret
  /** Error: `request.rate_limited`. */
  limit(what: 'app-registration', address: string | null): Promise<void>
}
