import type { z } from 'zod'
import type { Me } from '../../../contract/people.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import * as store from './me-store.ts'
import type { PeopleDeps } from './people-deps.ts'
import { presentMe } from './present.ts'

export async function getMe(deps: Pick<PeopleDeps, 'db'>, actor: Actor): Promise<z.input<typeof Me>> {
  check(actor, 'profile', 'read', 'own')
  return presentMe(await store.getMe(deps.db, actor.principalId), actor)
}
