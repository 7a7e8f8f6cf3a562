import type { Deps } from '../../deps.ts'
import type { TurnDeps } from '../../features/turns/index.ts'

export interface OpenAiDeps extends TurnDeps, Pick<Deps, 'egress'> {
  /** Resolves when the providers of the environment were asked for their models once since the start. */
  whenListed(): Promise<void>
}
