import type { people } from '../../../contract/people.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { getMe } from './get-me.ts'
import * as store from './me-store.ts'
import type { PeopleDeps } from './people-deps.ts'

/** Error: `model.not_found` for a model that the person cannot use. */
export async function updateSettings(
  deps: PeopleDeps,
  actor: Actor,
  { theme, defaultModelId, webSearch, sharesLocation }: InputOf<(typeof people)['updateSettings']>,
) {
  check(actor, 'profile', 'update', 'own')
  if (defaultModelId) await deps.assertModelUsable(actor, defaultModelId)
  const changes = { theme, default_model_id: defaultModelId, web_search: webSearch, shares_location: sharesLocation }
  if (Object.values(changes).every((value) => value === undefined)) return getMe(deps, actor)
  const announce = await deps.db.transaction().execute(async (tx) => {
    await store.updateSettings(tx, actor.principalId, changes)
    return deps.tell(tx, [actor.principalId], { type: 'settings-changed' })
  })
  announce()
  deps.onSettingsChanged(actor.principalId)
  return getMe(deps, actor)
}
