import { systemWorkspaceId } from '../../platform/auth/index.ts'

/**
 * The connections that a person may use in a workspace, as a CTE `reach` with `key_order`: lower pays first. A person's own keys follow them into
 * every workspace and pay for nobody else. Parameters: $1 the person, $2 the workspace.
 *
 * 10 own default · 11 own others · 20 and 21 the workspace's · 30 and 31 the house's
 */
export const reach = `reach as (
  select connection.*,
    case when owner_id is not null then 10 when workspace_id = '${systemWorkspaceId}' then 30 else 20 end
      + case when is_default then 0 else 1 end as key_order
  from connection
  where owner_id = $1 or (owner_id is null and workspace_id in ($2, '${systemWorkspaceId}')))`

export function keyOriginOf(keyOrder: number): 'conversation' | 'user' | 'workspace' | 'house' {
  if (keyOrder < 10) return 'conversation'
  if (keyOrder < 20) return 'user'
  return keyOrder < 30 ? 'workspace' : 'house'
}
