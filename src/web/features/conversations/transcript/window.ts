import type { ConversationId, MessageId, TurnId } from '../../../../contract/ids.ts'
import type { Message, TurnState } from '../../../../contract/messages.ts'

/**
 * The shown path of a conversation as far as it is loaded: messages by their depth, with holes. A hole has a place on the screen already, so
 * loading one moves nothing. Values, never changed in place.
 */
export interface TranscriptWindow {
  pathLength: number
  messages: ReadonlyMap<number, Message>
}

export interface Page {
  messages: readonly Message[]
  pathLength: number
}

export const emptyWindow: TranscriptWindow = { pathLength: 0, messages: new Map() }

/** Adds a page. What is known already stays unless it lies on another branch, which shows where the page and its neighbours do not fit. */
export function addPage(window: TranscriptWindow, page: Page): TranscriptWindow {
  const first = page.messages[0]
  const last = page.messages.at(-1)
  if (!first || !last) return { pathLength: page.pathLength, messages: keep(window.messages, (depth) => depth < page.pathLength) }
  const before = window.messages.get(first.depth - 1)
  const after = window.messages.get(last.depth + 1)
  const keepsBefore = before === undefined || before.id === first.parentId
  const keepsAfter = after === undefined || after.parentId === last.id
  const messages = keep(
    window.messages,
    (depth) => depth < page.pathLength && (depth < first.depth ? keepsBefore : depth > last.depth ? keepsAfter : false),
  )
  for (const message of page.messages) messages.set(message.depth, notBehind(message, window.messages.get(message.depth)))
  return { pathLength: page.pathLength, messages }
}

/** A page that was asked for while an answer was written may come after that answer's end: an end is never taken back. */
function notBehind(message: Message, known: Message | undefined): Message {
  if (!known?.answer || known.id !== message.id || known.answer.turnId !== message.answer?.turnId) return message
  return hasEnded(known.answer.state) && !hasEnded(message.answer.state)
    ? { ...message, parts: known.parts, answer: known.answer }
    : message
}

export const hasEnded = (state: TurnState): boolean => state === 'completed' || state === 'stopped' || state === 'failed'

/** Another branch is shown from `depth` on: these messages, and nothing after them. */
export function replaceEnd(window: TranscriptWindow, depth: number, end: readonly Message[]): TranscriptWindow {
  const messages = keep(window.messages, (known) => known < depth)
  for (const message of end) messages.set(message.depth, message)
  return { pathLength: depth + end.length, messages }
}

export function changeMessage(window: TranscriptWindow, id: MessageId, change: (message: Message) => Message): TranscriptWindow {
  for (const [depth, message] of window.messages) {
    if (message.id === id) return { ...window, messages: new Map(window.messages).set(depth, change(message)) }
  }
  return window
}

export function findByTurn(window: TranscriptWindow, turnId: TurnId): Message | undefined {
  for (const message of window.messages.values()) if (message.answer?.turnId === turnId) return message
  return undefined
}

/** The first gap in `[from, to)`, as a request would name it. */
export function findGap(window: TranscriptWindow, from: number, to: number): number | undefined {
  for (let depth = Math.max(0, from); depth < Math.min(to, window.pathLength); depth += 1) if (!window.messages.has(depth)) return depth
  return undefined
}

function keep(messages: ReadonlyMap<number, Message>, test: (depth: number) => boolean): Map<number, Message> {
  return new Map([...messages].filter(([depth]) => test(depth)))
}

export const lastMessage = (window: TranscriptWindow): Message | undefined => window.messages.get(window.pathLength - 1)

export const transcriptKey = (id: ConversationId) => ['transcript', id] as const
