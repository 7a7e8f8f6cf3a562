import { useState } from 'react'

/** What is selected of what is shown: what leaves the list is not selected any more. */
export function useSelection<Item extends { id: string }>(items: readonly Item[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const selected = items.filter(({ id }) => ids.has(id))
  return {
    selected,
    has: (id: string) => ids.has(id),
    toggle: (id: string, isSelected: boolean) =>
      setIds((before) => (isSelected ? new Set([...before, id]) : new Set([...before].filter((one) => one !== id)))),
    /** As many as one request takes. */
    all: (isSelected: boolean) => setIds(new Set(isSelected ? items.slice(0, 100).map(({ id }) => id) : [])),
    clear: () => setIds(new Set()),
  }
}
