import { useSyncExternalStore } from 'react'
import type { Me } from '../../../contract/people.ts'
import { useMe } from '../people/me.ts'

const key = 'parley.workspace'
const listeners = new Set<() => void>()

function read(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

let chosen = read()

/** Remembered on this device, for the next visit. */
export function chooseWorkspace(id: string): void {
  chosen = id
  try {
    localStorage.setItem(key, id)
  } catch {
    // Kept until the page is closed.
  }
  for (const listener of listeners) listener()
}

type WorkspaceOfMine = Me['workspaces'][number]

/** The workspace the screens are about: the chosen one while the person belongs to it, else the personal one. */
export function useWorkspace(): WorkspaceOfMine {
  const { workspaces } = useMe()
  const id = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => chosen,
  )
  const workspace = workspaces.find((one) => one.id === id) ?? workspaces.find((one) => one.kind === 'personal') ?? workspaces[0]
  if (!workspace) throw new Error('A person without a workspace cannot be shown one')
  return workspace
}
