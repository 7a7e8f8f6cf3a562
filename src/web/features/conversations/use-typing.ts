import { useEffect, useMemo, useState } from 'react'
import type { ConversationId } from '../../../contract/ids.ts'
import { onTyping, socket } from './live/live.ts'

/** Said again at most so often while somebody goes on; and forgotten after this without hearing it again. */
const repeatMs = 3000
const forgetMs = 7000

/** Tells this person's other devices that something is being written here. */
export function useSayTyping(id: ConversationId): (isTyping: boolean) => void {
  return useMemo(() => {
    let saidAt = 0
    return (isTyping: boolean) => {
      const isNews = isTyping ? Date.now() - saidAt > repeatMs : saidAt > 0
      if (!isNews) return
      saidAt = isTyping ? Date.now() : 0
      socket.setTyping(id, isTyping)
    }
  }, [id])
}

export function useIsTypedElsewhere(id: ConversationId): boolean {
  const [isTyping, setTyping] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const leave = onTyping((conversationId, isTypingThere) => {
      if (conversationId !== id) return
      clearTimeout(timer)
      setTyping(isTypingThere)
      if (isTypingThere) timer = setTimeout(() => setTyping(false), forgetMs)
    })
    return () => {
      leave()
      clearTimeout(timer)
    }
  }, [id])
  return isTyping
}
