import type { Deps } from '../../deps.ts'
import type { ConversationDeps } from '../conversations/index.ts'
import type { Tell } from '../events/index.ts'

export interface ShareDeps extends Pick<Deps, 'db' | 'vault' | 'log' | 'config' | 'files'>, Pick<ConversationDeps, 'userStreams'> {
  tell: Tell
}
