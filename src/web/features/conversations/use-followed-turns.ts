import { useEffect, useRef } from 'react'
import type { TurnId } from '../../../contract/ids.ts'
import { isActive, liveTurns } from './live/live.ts'
import type { TranscriptWindow } from './transcript/window.ts'

/** Reads every answer on the path that is not finished, also those that are scrolled away, for as long as the screen is open. */
export function useFollowedTurns(window: TranscriptWindow | undefined): void {
  const followed = useRef(new Map<TurnId, () => void>())
  useEffect(() => {
    const active = [...(window?.messages.values() ?? [])].filter(isActive)
    for (const { answer, parts } of active) {
      // Followed once is not followed now: it may have been lost.
      if (!answer || (followed.current.has(answer.turnId) && liveTurns.get(answer.turnId))) continue
      followed.current.get(answer.turnId)?.()
      followed.current.set(answer.turnId, liveTurns.follow(answer.turnId, { state: answer.state, parts }))
    }
    for (const [id, leave] of followed.current) {
      if (active.some(({ answer }) => answer?.turnId === id)) continue
      leave()
      followed.current.delete(id)
    }
  }, [window])
  useEffect(() => {
    const all = followed.current
    return () => {
      for (const leave of all.values()) leave()
      all.clear()
    }
  }, [])
}
