import type { z } from 'zod'
import type { User } from '../../../contract/people.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import type { PeopleDeps } from './people-deps.ts'
import { presentUser } from './present.ts'
import * as store from './user-store.ts'

export async function listUsers(deps: Pick<PeopleDeps, 'db'>, actor: Actor): Promise<z.input<typeof User>[]> {
  check(actor, 'user', 'read', 'system')
  return (await store.listUsers(deps.db)).map(presentUser)
}
