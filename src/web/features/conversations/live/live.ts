import { useSyncExternalStore } from 'react'
import type { UserEvent } from '../../../../contract/events.ts'
import type { ConversationId, TurnId } from '../../../../contract/ids.ts'
import type { Message } from '../../../../contract/messages.ts'
import { getConnection, publishUserEvent, setConnection, subscribeConnection } from '../../../live.ts'
import { query } from '../../../api.ts'
import { queryClient } from '../../../query-client.ts'
import { feedbackChanged, settleAnswer, transcriptChanged, transcriptsMayBeOld } from '../transcript/transcript-query.ts'
import { LiveTurns } from './live-turns.ts'
import { Socket } from './socket.ts'
import type { Answer } from './turn-stream.ts'

const typingListeners = new Set<(conversationId: ConversationId, isTyping: boolean) => void>()
const answerListeners = new Set<(id: TurnId, answer: Answer) => void>()

/** The one socket of this tab. */
export const socket = new Socket({
  url: () => `${location.origin.replace(/^http/, 'ws')}/ws`,
  onState: (state) => {
    setConnection(state)
    // A refused upgrade looks like any other failure; an ordinary request tells whether this session is over.
    if (state.state === 'waiting')
      void queryClient.fetchQuery(query.people.me.queryOptions({ staleTime: 0, retry: false })).catch(() => undefined)
  },
  onUserEvents: (events) => events.forEach(receive),
  // At the first connection too: what was loaded before it may have changed in between.
  onReset: () => {
    transcriptsMayBeOld()
    publishUserEvent({ type: 'reset' })
  },
  onTyping: (conversationId, isTyping) => typingListeners.forEach((listener) => listener(conversationId, isTyping)),
})

export const liveTurns = new LiveTurns({
  socket,
  onEnd: (id, answer) => {
    settleAnswer(id, answer)
    if (answer) for (const listener of answerListeners) listener(id, answer)
  },
})

function receive(event: UserEvent): void {
  if (event.type === 'turn-changed' || event.type === 'conversation-changed') transcriptChanged(event)
  if (event.type === 'feedback-changed') feedbackChanged(event)
  publishUserEvent(event)
}

addEventListener('online', socket.wake)
addEventListener('offline', socket.wake)
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && socket.wake())

export function onTyping(listener: (conversationId: ConversationId, isTyping: boolean) => void): () => void {
  typingListeners.add(listener)
  return () => void typingListeners.delete(listener)
}

/** Called with every answer this tab saw end. */
export function onAnswerEnded(listener: (id: TurnId, answer: Answer) => void): () => void {
  answerListeners.add(listener)
  return () => void answerListeners.delete(listener)
}

export const isActive = (message: Message): boolean =>
  message.answer !== null && ['queued', 'running', 'waiting'].includes(message.answer.state)

/** The stream of one answer as far as it has come; undefined for what has ended. */
export function useLiveAnswer(id: TurnId | undefined): Answer | undefined {
  return useSyncExternalStore(
    (listener) => (id === undefined ? () => undefined : liveTurns.subscribe(id, listener)),
    () => (id === undefined ? undefined : liveTurns.get(id)),
  )
}

export const useTurnStates = (): number => useSyncExternalStore(liveTurns.subscribeStates, () => liveTurns.states)

/** Whether something said now would arrive now. The browser often knows before the socket does. */
export const useIsConnected = (): boolean =>
  useSyncExternalStore(subscribeToConnection, () => navigator.onLine && getConnection().state === 'open')

function subscribeToConnection(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  const leave = subscribeConnection(listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
    leave()
  }
}
