import type { Deps } from '../../deps.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { Poller } from '../../platform/jobs/poller.ts'
import type { TurnDeps } from '../turns/index.ts'

export interface ChannelDeps extends Pick<Deps, 'db' | 'log' | 'vault' | 'egress'> {
  turnDeps: TurnDeps
  stopConversation(conversationId: string): Promise<void>
  /** Throws `model.not_found` where the actor may not use it in that workspace. */
  assertModelUsable(actor: Actor, modelId: string, workspaceId: string): Promise<void>
  /** Where a platform sends the events of an installation. */
  hookUrl(installationId: string): string
  events: Pick<Poller, 'wake'>
  deliveries: Pick<Poller, 'wake'>
}
