import type { Deps } from '../../deps.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { Secret } from '../../platform/vault/index.ts'
import type { PageWithBot } from '../pages/index.ts'
import type { TurnDeps } from '../turns/index.ts'

export interface VisitDeps extends Pick<Deps, 'db' | 'log'> {
  turnDeps: TurnDeps
  /** Signs the ids of visitors; the same in all processes. */
  visitorSecret: Secret
  /** Where this server is reached; links in surfaces are whole. */
  baseUrl: string
  stopConversation(conversationId: string): Promise<void>
  /** Throws `request.rate_limited`. Without a subject nothing is counted. */
  limit(what: 'new-visitor' | 'visitor-message', subject: string | null): Promise<void>
}

/** Who writes on which page. */
export interface Visitor {
  actor: Actor
  page: PageWithBot
  source: 'page' | 'widget'
}
