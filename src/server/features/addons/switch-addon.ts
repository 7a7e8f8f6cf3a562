import type { addons as contract } from '../../../contract/addons.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import type { AddonsDeps } from './addons-deps.ts'
import { presentAddon } from './list-addons.ts'
import { saveSwitch } from './store.ts'

export async function switchAddon(
  deps: AddonsDeps,
  actor: Actor,
  { id, enabled }: InputOf<typeof contract.switch>,
): Promise<OutputOf<typeof contract.switch>> {
  check(actor, 'system', 'update', 'system')
  await saveSwitch(deps.db, id, enabled, actor.principalId)
  await deps.switches.changed()
  deps.log.info({ addon: id, isEnabled: enabled, principalId: actor.principalId }, 'an addon was switched')
  return presentAddon(deps, id)
}
