import type { InboxConversation, Installation } from '../../../contract/channels.ts'
import type { ChannelDeps } from './channel-deps.ts'
import type { InboxRow } from './inbox-store.ts'
import type { InstallationRow } from './installation-store.ts'
import { previousSecretUntil } from './platforms/webhook-secrets.ts'
import { openSettings } from './settings.ts'

export function presentInstallation(deps: Pick<ChannelDeps, 'vault' | 'hookUrl'>, row: InstallationRow): Installation {
  const settings = openSettings(deps.vault, row)
  return {
    id: row.id as Installation['id'],
    workspaceId: row.workspace_id as Installation['workspaceId'],
    platform: row.platform,
    name: row.name,
    isEnabled: row.is_enabled,
    hookUrl: deps.hookUrl(row.id),
    replyUrl: row.platform === 'webhook' ? (settings['replyUrl']?.reveal() ?? null) : null,
    agentId: row.agent_id as Installation['agentId'],
    verifiesEmail: row.verifies_email,
    previousSecretUntil: previousSecretUntil(settings)?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  }
}

export function presentInbox(row: InboxRow): InboxConversation {
  return {
    id: row.id as InboxConversation['id'],
    workspaceId: row.workspace_id as InboxConversation['workspaceId'],
    installationId: row.installation_id as InboxConversation['installationId'],
    source: row.source,
    contactName: row.contact_name,
    contactMember: row.member_id === null ? null : { id: row.member_id as never, name: row.member_name ?? '' },
    preview: row.last_message_preview,
    handledBy: row.handled_by,
    assignee: row.assignee_id === null ? null : { id: row.assignee_id as never, name: row.assignee_name ?? '' },
    isAnswering: row.is_answering,
    canAnswer: row.can_answer,
    delivery:
      row.delivery_state === null ? null : { state: row.delivery_state, isUncertain: row.is_uncertain ?? false, error: row.delivery_error },
    updatedAt: row.updated_at.toISOString(),
  }
}
