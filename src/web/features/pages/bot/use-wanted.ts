import { useRef, useState } from 'react'

/** What somebody wants a stored value to be, shown at once while it is being saved; what is stored comes back where that fails. */
export function useWanted<Value>(stored: Value, save: (value: Value) => Promise<unknown>): [Value, (value: Value) => Promise<void>] {
  const [wanted, setWanted] = useState<{ value: Value } | null>(null)
  const latest = useRef(0)

  async function want(value: Value) {
    const mine = ++latest.current
    setWanted({ value })
    try {
      await save(value)
    } finally {
      if (latest.current === mine) setWanted(null)
    }
  }

  return [wanted ? wanted.value : stored, want]
}
