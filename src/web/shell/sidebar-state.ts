import { useSyncExternalStore } from 'react'

interface SidebarState {
  /** Beside the page on a wide screen; remembered. */
  isCollapsed: boolean
  /** Over the page on a narrow one. */
  isDrawerOpen: boolean
}

const key = 'parley.sidebar'

function read(): boolean {
  try {
    return localStorage.getItem(key) === 'collapsed'
  } catch {
    return false
  }
}

let state: SidebarState = { isCollapsed: read(), isDrawerOpen: false }
const listeners = new Set<() => void>()

function set(next: Partial<SidebarState>): void {
  state = { ...state, ...next }
  for (const listener of listeners) listener()
}

export function setCollapsed(isCollapsed: boolean): void {
  try {
    localStorage.setItem(key, isCollapsed ? 'collapsed' : 'open')
  } catch {
    // Kept until the page is closed.
  }
  set({ isCollapsed })
}

export const setDrawerOpen = (isDrawerOpen: boolean): void => set({ isDrawerOpen })

export function useSidebarState(): SidebarState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}
