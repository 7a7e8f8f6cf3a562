import type { Deps } from '../../deps.ts'
import type { AddonSwitches } from './switches.ts'

export interface AddonsDeps extends Pick<Deps, 'config' | 'db' | 'log'> {
  switches: AddonSwitches
  /** Of this server. */
  version: string
}
