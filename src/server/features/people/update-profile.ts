import type { people } from '../../../contract/people.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { getMe } from './get-me.ts'
import * as store from './me-store.ts'
import type { PeopleDeps } from './people-deps.ts'

export async function updateProfile(
  deps: Pick<PeopleDeps, 'db' | 'door'>,
  actor: Actor,
  changes: InputOf<(typeof people)['updateProfile']>,
) {
  check(actor, 'profile', 'update', 'own')
  if (changes.timezone && !isTimeZone(changes.timezone)) {
    throw new AppError('request.invalid', { issues: [{ path: ['timezone'], message: 'is no IANA time zone, such as Europe/Athens' }] })
  }
  await store.updateProfile(deps.db, actor.principalId, {
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
  })
  const me = await getMe(deps, actor)
  const name = [me.profile.firstName, me.profile.lastName].filter(Boolean).join(' ')
  if (name === '' || name === me.name) return me
  await store.updateName(deps.db, actor.principalId, name)
  deps.door.invalidate(actor.principalId) // the actor carries the name
  return { ...me, name }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
