import { useSyncExternalStore } from 'react'

export function useMediaQuery(media: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(media)
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    () => matchMedia(media).matches,
  )
}

/** Where the sidebar is a drawer: a phone, or a desktop at 200 % zoom. */
export const useIsNarrow = (): boolean => useMediaQuery('(max-width: 45rem)')
