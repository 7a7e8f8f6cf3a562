import type { Deps } from '../../deps.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { Db } from '../../platform/db/index.ts'

/** What this feature needs of others comes as functions, so that it imports none of them. */
export interface PagesDeps extends Pick<Deps, 'db' | 'door' | 'log' | 'config'> {
  /** Throws `agent.not_found` where the actor may not use it in that workspace. */
  assertAgentUsable(actor: Actor, agentId: string, workspaceId: string): Promise<void>
  findUserIdByEmail(db: Db, email: string): Promise<string | undefined>
}
