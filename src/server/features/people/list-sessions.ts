import type { z } from 'zod'
import type { Session } from '../../../contract/people.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import type { PeopleDeps } from './people-deps.ts'
import { presentSession } from './present.ts'
import { listSessions as list } from './session-store.ts'

export async function listSessions(deps: Pick<PeopleDeps, 'db'>, actor: Actor): Promise<z.input<typeof Session>[]> {
  check(actor, 'session', 'read', 'own')
  return (await list(deps.db, actor.principalId)).map((row) => presentSession(row, actor.sessionId))
}
