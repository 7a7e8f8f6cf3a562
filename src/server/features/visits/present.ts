import { type ErrorCode, type ErrorNotice, errorTable } from '../../../contract/errors.ts'
import type { Message, Part } from '../../../contract/messages.ts'
import type { TurnEvent } from '../../../contract/turns.ts'
import type { VisitPart, VisitUpdate } from '../../../contract/visits.ts'
import type { ShownMessage } from './show-visit.ts'

const unfinished: ReadonlySet<string> = new Set(['queued', 'running', 'waiting'])

/** A message as its visitor may see it: no reasoning, no tool calls, no prices, and failures in words for them. */
export function presentVisitMessage(message: Message): ShownMessage {
  const isWriting = message.answer !== null && unfinished.has(message.answer.state)
  const isByPerson = message.role === 'assistant' && message.answer === null && message.authorName !== ''
  return {
    id: message.id,
    from: message.role === 'user' ? 'visitor' : isByPerson ? 'person' : 'bot',
    name: isByPerson ? message.authorName : null,
    // What is being written comes from its stream, from the beginning.
    parts: isWriting ? [] : message.parts.map(presentPart),
    isWriting,
    createdAt: message.createdAt,
    turnId: isWriting ? (message.answer?.turnId ?? null) : null,
  }
}

function presentPart(part: Part): VisitPart {
  if (part.type === 'text') return { type: 'text', text: part.text }
  if (part.type === 'surface') return { type: 'surface', surfaceId: part.surfaceId, messages: part.messages, fallback: part.fallback }
  return part.type === 'notice' ? { type: 'notice', text: wordsFor(part.notice) } : { type: 'hidden' }
}

function wordsFor({ code, detail }: ErrorNotice): string {
  // In the words of whoever made the rule, if they gave some.
  if (code === 'guardrail.input_redacted') return 'I do not need some of what you wrote, so I have not read it.'
  if (code.startsWith('guardrail.') && detail) return detail
  if (code === 'guardrail.input_blocked' || code === 'guardrail.output_blocked')
    return 'I cannot help with that here. Is there something else?'
  if (code === 'guardrail.warned') return 'Please take this with a little care.'
  if (code === 'provider.content_filter') return 'I cannot answer that. Could you put it in other words?'
  if (code === 'provider.context_too_long') return 'This conversation has become too long for me. Please start a new one.'
  if (code === 'provider.interrupted' || code === 'turn.interrupted' || code === 'turn.abandoned' || code === 'answer.cut_off')
    return 'My answer broke off here. Please ask again if something is missing.'
  return 'Sorry, I cannot answer at the moment. Your question was kept for the owner of this page.'
}

/** What a visitor is told of an event in the turn that writes this answer. */
export function presentTurnEvent(messageId: ShownMessage['id'], event: TurnEvent): VisitUpdate[] {
  switch (event.type) {
    case 'text-delta':
      return [{ type: 'text', messageId, part: event.part, offset: event.offset, text: event.text }]
    case 'part':
      return [{ type: 'part', messageId, part: event.part, value: presentPart(event.value) }]
    case 'turn-resumed':
    case 'snapshot':
      return event.parts.map((part, index) => ({ type: 'part', messageId, part: index, value: presentPart(part) }))
    default:
      return []
  }
}

const refusals: Partial<Record<ErrorCode, { message: string; action: string }>> = {
  'request.rate_limited': { message: 'That was a lot at once.', action: 'Please wait a moment, then send it again.' },
  'turn.too_many_queued': { message: 'There are answers still to come.', action: 'Please wait for them first.' },
  'request.invalid': { message: 'This cannot be sent as it is.', action: 'Please make it shorter.' },
  'server.stopping': { message: 'One moment, please.', action: 'It is sent again by itself.' },
}

/** Why something was not said, in words for visitors: those of the table are for who runs or programs a server. */
export function wordsForRefusal(code: ErrorCode): { message: string; action: string } {
  return refusals[code] ?? errorTable[code]
}
