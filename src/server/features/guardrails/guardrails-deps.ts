import type { Deps } from '../../deps.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Tell } from '../events/index.ts'
import type { TurnDeps } from '../turns/index.ts'
import type { PassageFinder } from './kinds/passage-finder.ts'

export interface GuardrailDeps extends Pick<Deps, 'db' | 'database' | 'log' | 'llm' | 'door'> {
  tell: Tell
  listMemberIds(tx: Tx, workspaceId: string): Promise<string[]>
  assertModelUsable(actor: Actor, modelId: string, workspaceId: string): Promise<void>
  /** By which a judge is asked. Opened when it is, since the engine is made after what guards it. */
  turnDeps(): TurnDeps
  passages: PassageFinder
  /** What was known of this workspace does not hold any more, here and in every process. */
  onChanged(workspaceId: string): void
}
