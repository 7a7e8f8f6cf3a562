import type { Message } from '../../../../contract/messages.ts'
import type { Model } from '../../../../contract/models.ts'
import type { StartedTurn } from '../../../../contract/turns.ts'
import { changeTranscript, readTranscript, refreshEnd } from '../transcript/transcript-query.ts'
import { lastMessage, replaceEnd } from '../transcript/window.ts'
import type { Sending } from './sending.ts'

/**
 * The server has taken a message: it and the answer to come take their place on the path at once, from what is known here. What only the server
 * knows (serial, names, all siblings) follows with the next request.
 */
export function acceptTurn(sending: Sending, started: StartedTurn, model: Model | undefined): void {
  const { conversationId } = sending
  const window = readTranscript(conversationId)
  // The page that is being loaded may have been read before this.
  if (!window) return void refreshEnd(conversationId)
  const known = [...window.messages.values()].some((message) => message.id === started.answerMessageId)
  if (known) return
  const depth = sending.depth ?? window.pathLength
  const replaced = window.messages.get(depth)
  const isAnswerOnly = sending.tryAgain !== undefined || sending.continueFrom !== undefined
  const asked = isAnswerOnly ? window.messages.get(depth - 1) : undefined
  const parentId = sending.parentId !== undefined ? sending.parentId : (lastMessage(window)?.id ?? null)
  const now = new Date(sending.sentAt).toISOString()
  const siblings = (own: Message['id']): Message['siblingIds'] => [...(replaced?.siblingIds ?? []), own]
  const question: Message = {
    id: started.userMessageId,
    conversationId,
    parentId,
    role: 'user',
    authorName: '',
    parts: [...sending.files, ...(sending.text === '' ? [] : [{ type: 'text' as const, step: 0, text: sending.text }])],
    depth,
    serial: 0,
    siblingIds: siblings(started.userMessageId),
    answer: null,
    feedback: null,
    summary: null,
    createdAt: now,
  }
  const answer: Message = {
    ...question,
    id: started.answerMessageId,
    parentId: started.userMessageId,
    role: 'assistant',
    // It begins with what it goes on with.
    parts: replaced && replaced.id === sending.continueFrom ? replaced.parts.filter(({ type }) => type !== 'notice') : [],
    depth: asked ? depth : depth + 1,
    siblingIds: asked ? siblings(started.answerMessageId) : [started.answerMessageId],
    answer: {
      turnId: started.turnId,
      state: started.state,
      modelId: model?.id ?? null,
      modelName: model?.name ?? '',
      provider: model?.provider ?? 'built-in',
      keyOrigin: model?.keyOrigin ?? 'house',
      error: null,
      tokens: null,
      costNanoUsd: null,
      latencyMs: null,
    },
  }
  changeTranscript(conversationId, (known) => replaceEnd(known, depth, asked ? [answer] : [question, answer]))
  void refreshEnd(conversationId)
}
