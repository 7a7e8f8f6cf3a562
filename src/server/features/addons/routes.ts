import { addons as contract } from '../../../contract/addons.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import type { AddonsDeps } from './addons-deps.ts'
import { listAddons } from './list-addons.ts'
import { showRuntimes } from './show-runtimes.ts'
import { switchAddon } from './switch-addon.ts'

export const addonRoutes = (deps: AddonsDeps): Routes<typeof contract> => ({
  list: handle(contract.list, (actor) => listAddons(deps, actor)),
  switch: handle(contract.switch, (actor, input) => switchAddon(deps, actor, input)),
  runtimes: handle(contract.runtimes, (actor) => showRuntimes(deps, actor)),
})
