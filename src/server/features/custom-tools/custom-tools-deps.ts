import type { Deps } from '../../deps.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { ForeignDbs } from '../../platform/foreign-db/index.ts'
import type { AddonSwitches } from '../addons/index.ts'
import type { Tell } from '../events/index.ts'
import type { Tokens } from './oauth-tokens.ts'

export interface CustomToolsDeps extends Pick<Deps, 'config' | 'log' | 'db' | 'database' | 'vault' | 'egress'> {
  tell: Tell
  listMemberIds(tx: Tx, workspaceId: string): Promise<string[]>
  /** What people allowed these tools for good does not hold any more. */
  forgetAllowed(tx: Tx, workspaceId: string, toolNames: readonly string[]): Promise<void>
  /** Beginnings of names that other tools of the workspace have. */
  listOtherSlugs(tx: Tx, workspaceId: string): Promise<string[]>
  switches: Pick<AddonSwitches, 'isOn' | 'onSwitched'>
  tokens: Tokens
  foreignDbs: ForeignDbs
  /** What was listed before does not hold any more, here and in every process. */
  onToolsChanged(workspaceId: string): void
}
