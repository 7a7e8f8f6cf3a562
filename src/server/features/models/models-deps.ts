import type { Deps } from '../../deps.ts'
import type { ModelResolver } from './model-resolver.ts'

export interface ModelsDeps extends Pick<Deps, 'db'> {
  resolver: ModelResolver
}
