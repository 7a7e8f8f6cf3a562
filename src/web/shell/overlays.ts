import { useSyncExternalStore } from 'react'

export type Overlay = 'palette' | 'shortcuts'

let open: Overlay | null = null
const listeners = new Set<() => void>()

/** Opens the palette or the sheet of shortcuts from anywhere; null closes. */
export function openOverlay(next: Overlay | null): void {
  open = next
  for (const listener of listeners) listener()
}

export function useOverlay(): Overlay | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => open,
  )
}
