import type { Deps } from '../../deps.ts'
import type { TurnDeps } from '../../features/turns/index.ts'

export type OpenAiDeps = TurnDeps & Pick<Deps, 'egress' | 'config'>
