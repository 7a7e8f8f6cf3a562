import type { people } from '../../../contract/people.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { getMe } from './get-me.ts'
import * as store from './me-store.ts'
import type { PeopleDeps } from './people-deps.ts'

export async function updateProfile(
  deps: Pick<PeopleDeps, 'db' | 'door' | 'tell' | 'onSettingsChanged'>,
  actor: Actor,
  changes: InputOf<(typeof people)['updateProfile']>,
) {
  check(actor, 'profile', 'update', 'own')
  if (changes.timezone && !isTimeZone(changes.timezone)) {
    throw new AppError('request.invalid', { issues: [{ path: ['timezone'], message: 'is no IANA time zone, such as Europe/Athens' }] })
  }
  const row = {
    first_name: changes.firstName,
    last_name: changes.lastName,
    bio: changes.bio,
    picture_url: changes.pictureUrl,
    city: changes.city,
    region: changes.region,
    country: changes.country,
    postal_code: changes.postalCode,
    lat: changes.lat,
    lng: changes.lng,
    timezone: changes.timezone,
  }
  if (Object.values(row).every((value) => value === undefined)) return getMe(deps, actor)
  const { isRenamed, announce } = await deps.db.transaction().execute(async (tx) => {
    const name = await store.updateProfile(tx, actor.principalId, row)
    return {
      isRenamed: name !== '' && (await store.updateName(tx, actor.principalId, name)),
      announce: await deps.tell(tx, [actor.principalId], { type: 'settings-changed' }),
    }
  })
  announce()
  deps.onSettingsChanged(actor.principalId) // where they are is told to searches
  if (isRenamed) deps.door.invalidate(actor.principalId) // the actor carries the name
  return getMe(deps, actor)
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
