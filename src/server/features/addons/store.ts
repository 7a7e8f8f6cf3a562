import type { AddonId } from '../../../contract/addon-choices.ts'
import { systemWorkspaceId } from '../../platform/auth/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'

export async function listSwitchedOff(db: Db): Promise<AddonId[]> {
  const rows = await db
    .selectFrom('addon_switch')
    .select('addon')
    .where('workspace_id', '=', systemWorkspaceId)
    .where('is_enabled', '=', false)
    .execute()
  return rows.map(({ addon }) => addon)
}

export async function saveSwitch(db: Db, addon: AddonId, isEnabled: boolean, updatedBy: string): Promise<void> {
  const changes = { is_enabled: isEnabled, updated_by: updatedBy, updated_at: new Date() }
  await db
    .insertInto('addon_switch')
    .values({ id: newId(), workspace_id: systemWorkspaceId, addon, ...changes })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'addon']).doUpdateSet(changes))
    .execute()
}
