import type { Deps } from '../../deps.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { Poller } from '../../platform/jobs/poller.ts'
import type { TurnDeps } from '../turns/index.ts'
import type { IncomingEvent, KeptEvent } from './event-store.ts'
import type { HookLimits } from './hook-limits.ts'
import type { OpenInstallations } from './installation-cache.ts'

export interface ChannelDeps extends Pick<Deps, 'database' | 'db' | 'log' | 'vault' | 'egress'> {
  turnDeps: TurnDeps
  stopConversation(conversationId: string): Promise<void>
  /** Throws `agent.not_found` where the actor may not use it in that workspace. */
  assertAgentUsable(actor: Actor, agentId: string, workspaceId: string): Promise<void>
  /** Where a platform sends the events of an installation. */
  hookUrl(installationId: string): string
  installations: OpenInstallations
  hookLimits: HookLimits
  /** Shares its round trip with other events that come in the same moment. */
  keepEvent(event: IncomingEvent): Promise<KeptEvent>
  events: Pick<Poller, 'wake'>
  deliveries: Pick<Poller, 'wake'>
}
