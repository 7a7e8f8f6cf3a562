import { system } from '../../../contract/system.ts'
import type { Deps } from '../../deps.ts'
import { handleAnyone, type Routes } from '../../platform/http/index.ts'

export interface SystemDeps extends Pick<Deps, 'config' | 'db'> {
  version: string
  hasUsers(): Promise<boolean>
}

export const systemRoutes = (deps: SystemDeps): Routes<typeof system> => ({
  about: handleAnyone(system.about, async () => ({
    name: 'Parley',
    version: deps.version,
    signUp: deps.config.people.signUp,
    hasUsers: await deps.hasUsers(),
  })),
})
