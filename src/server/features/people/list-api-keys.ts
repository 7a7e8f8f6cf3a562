import type { z } from 'zod'
import type { ApiKey } from '../../../contract/people.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import { listApiKeys as list } from './api-key-store.ts'
import type { PeopleDeps } from './people-deps.ts'
import { presentApiKey } from './present.ts'

export async function listApiKeys(deps: Pick<PeopleDeps, 'db'>, actor: Actor): Promise<z.input<typeof ApiKey>[]> {
  check(actor, 'api-key', 'read', 'own')
  return (await list(deps.db, actor.principalId)).map(presentApiKey)
}
