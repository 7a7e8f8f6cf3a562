import type { UserEvent } from '../../../contract/events.ts'
import type { Deps } from '../../deps.ts'
import type { CounterStreams } from '../../platform/events/index.ts'
import type { TurnDeps } from '../turns/index.ts'

export interface SummaryDeps extends Pick<Deps, 'config' | 'db' | 'log' | 'door'> {
  turnDeps: TurnDeps
  userStreams: CounterStreams<UserEvent>
}
