import { queryOptions } from '@tanstack/react-query'
import type { UserEvent } from '../../../../contract/events.ts'
import type { ConversationId, TurnId } from '../../../../contract/ids.ts'
import { api } from '../../../api.ts'
import { queryClient } from '../../../query-client.ts'
import type { Answer } from '../live/turn-stream.ts'
import {
  addPage,
  changeMessage,
  emptyWindow,
  findByTurn,
  findGap,
  hasEnded,
  lastMessage,
  type TranscriptWindow,
  transcriptKey,
} from './window.ts'

/** What one request brings: more than two screens. */
const pageSize = 50
const firstPageSize = 30

/** The end of the conversation at first; `loadAround` adds what the reader comes to. */
export function transcriptOptions(id: ConversationId) {
  return queryOptions({
    queryKey: transcriptKey(id),
    queryFn: async ({ signal }) => {
      for (;;) {
        const before = generationOf(id)
        const page = await api.conversations.messages({ id, limit: firstPageSize }, { signal })
        // What was asked for while something happened may have been read before it.
        if (generationOf(id) === before) return addPage(readTranscript(id) ?? emptyWindow, page)
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  })
}

export const readTranscript = (id: ConversationId): TranscriptWindow | undefined =>
  queryClient.getQueryData<TranscriptWindow>(transcriptKey(id))

export function changeTranscript(id: ConversationId, change: (window: TranscriptWindow) => TranscriptWindow): void {
  queryClient.setQueryData<TranscriptWindow>(transcriptKey(id), (window) => window && change(window))
}

const generations = new Map<ConversationId, number>()
let everything = 0
const generationOf = (id: ConversationId): number => everything + (generations.get(id) ?? 0)

/** Something happened here: a page that is under way is of before. */
export function transcriptMoved(id: ConversationId): void {
  generations.set(id, (generations.get(id) ?? 0) + 1)
}

const loading = new Set<string>()

/** Loads what is missing around these depths. Failed pages are asked for again when somebody comes by again. */
export async function loadAround(id: ConversationId, from: number, to: number): Promise<void> {
  const window = readTranscript(id)
  const gap = window && findGap(window, from, to)
  if (gap === undefined) return
  const start = gap - (gap % pageSize)
  const key = `${id} ${start}`
  if (loading.has(key)) return
  loading.add(key)
  try {
    for (let isCurrent = false; !isCurrent; ) {
      const before = generationOf(id)
      const page = await api.conversations.messages({ id, after: start - 1, limit: pageSize })
      // A page of before may be of another branch.
      isCurrent = generationOf(id) === before
      if (isCurrent) changeTranscript(id, (known) => addPage(known, page))
    }
  } finally {
    loading.delete(key)
  }
  if (readTranscript(id)?.messages.has(gap)) await loadAround(id, from, to)
}

export function refreshEnd(id: ConversationId): Promise<void> {
  transcriptMoved(id)
  return queryClient.invalidateQueries({ queryKey: transcriptKey(id) })
}

/** Something of this person happened somewhere. What this tab did itself is known already. */
export function transcriptChanged(event: Extract<UserEvent, { type: 'turn-changed' | 'conversation-changed' }>): void {
  if (event.type === 'conversation-changed') {
    const { conversation } = event
    const window = readTranscript(conversation.id)
    const last = window && lastMessage(window)
    if (last && last.id !== conversation.headId) void refreshEnd(conversation.id)
    return
  }
  const window = readTranscript(event.conversationId)
  const message = window && findByTurn(window, event.turnId)
  if (!message) void refreshEnd(event.conversationId)
  else if (message.answer && message.answer.state !== event.state) {
    const answer = { ...message.answer, state: event.state }
    // How an ended answer looks comes with the stream, or with the message when nobody follows it.
    if (hasEnded(event.state)) void refreshEnd(event.conversationId)
    // The answer's own stream is ahead of this one where it has told of its end already.
    else if (!hasEnded(message.answer.state))
      changeTranscript(event.conversationId, (known) => changeMessage(known, message.id, (m) => ({ ...m, answer })))
  }
}

export function feedbackChanged({ conversationId, messageId, feedback }: Extract<UserEvent, { type: 'feedback-changed' }>): void {
  changeTranscript(conversationId, (window) => changeMessage(window, messageId, (message) => ({ ...message, feedback })))
}

export function transcriptsMayBeOld(): void {
  everything += 1
  void queryClient.invalidateQueries({ queryKey: ['transcript'] })
}

/** Writes the end of a stream into the message it belongs to; without one, asks for it. */
export function settleAnswer(turnId: TurnId, answer: Answer | undefined): void {
  for (const [key, window] of queryClient.getQueriesData<TranscriptWindow>({ queryKey: ['transcript'] })) {
    const message = window && findByTurn(window, turnId)
    if (!message?.answer) continue
    const id = message.conversationId
    if (!answer) void queryClient.invalidateQueries({ queryKey: key })
    else {
      const { state, error, tokens, costNanoUsd, latencyMs, parts } = answer
      const ended = {
        ...message.answer,
        state,
        error,
        tokens,
        costNanoUsd,
        latencyMs,
        modelName: message.answer.modelName || (answer.modelName ?? ''),
      }
      changeTranscript(id, (known) => changeMessage(known, message.id, (m) => ({ ...m, parts: [...parts], answer: ended })))
    }
  }
}
