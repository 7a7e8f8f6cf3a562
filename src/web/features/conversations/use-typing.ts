import { useEffect, useMemo, useState } from 'react'
import type { ConversationId } from '../../../contract/ids.ts'
import { onTyping, socket } from './live/live.ts'

/** Said again at most so often while somebody goes on; and forgotten after this without hearing it again. */
const repeatMs = 3000
const forgetMs = 7000

class Teller {
  readonly #id: ConversationId
  #saidAt = 0

  constructor(id: ConversationId) {
    this.#id = id
  }

  say = (isTyping: boolean): void => {
    const isNews = isTyping ? Date.now() - this.#saidAt > repeatMs : this.#saidAt > 0
    if (!isNews) return
    this.#saidAt = isTyping ? Date.now() : 0
    socket.setTyping(this.#id, isTyping)
  }
}

/** Tells this person's other devices that something is being written here. */
export const useSayTyping = (id: ConversationId): ((isTyping: boolean) => void) => useMemo(() => new Teller(id).say, [id])

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
