import type { Deps } from '../../deps.ts'
import type { Db } from '../../platform/db/index.ts'

/** What this feature needs of others comes as functions, so that it imports none of them. */
export interface PagesDeps extends Pick<Deps, 'db' | 'door' | 'log' | 'config'> {
  findUserIdByEmail(db: Db, email: string): Promise<string | undefined>
}
