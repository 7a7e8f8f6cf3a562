import { useEffect, useState } from 'react'

/** A module that loads when it is first wanted and is then at hand without waiting, which React's `lazy` never is. */
export interface OnDemand<Module> {
  load: () => Promise<Module>
  get: () => Module | undefined
}

export function onDemand<Module>(importModule: () => Promise<Module>): OnDemand<Module> {
  let loaded: Module | undefined
  return {
    load: async () => {
      loaded ??= await importModule()
      return loaded
    },
    get: () => loaded,
  }
}

/** The module as soon as it is wanted and there. A failure to load it is thrown where it is used, for the nearest error boundary. */
export function useOnDemand<Module>(source: OnDemand<Module>, isWanted: boolean): Module | undefined {
  const [state, setState] = useState<{ error?: unknown }>({})
  const loaded = source.get()
  if ('error' in state) throw state.error

  useEffect(() => {
    if (!isWanted || loaded) return
    let isCurrent = true
    source.load().then(
      () => isCurrent && setState({}),
      (error: unknown) => isCurrent && setState({ error }),
    )
    return () => {
      isCurrent = false
    }
  }, [source, isWanted, loaded])

  return isWanted ? loaded : undefined
}
