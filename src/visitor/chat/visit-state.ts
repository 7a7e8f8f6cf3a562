import type { SurfaceAction, VisitMessage, VisitPart, VisitUpdate } from '../../contract/visits.ts'

/** What a visitor wants done. `key` makes it happen once, however often it is sent. */
export type Wish = { key: string } & (
  | { type: 'say'; text: string }
  | { type: 'press'; index: number; text: string }
  | { type: 'act'; messageId: VisitMessage['id']; action: SurfaceAction }
)

/** `after`: how many messages there were when it was wished. */
export type Waiting = Wish & { after: number }

export interface VisitState {
  messages: readonly VisitMessage[]
  handledBy: 'bot' | 'person'
  isEnded: boolean
  /** Not confirmed yet, in their order. */
  wishes: readonly Waiting[]
}

export const emptyVisit: VisitState = { messages: [], handledBy: 'bot', isEnded: false, wishes: [] }

/** After an end, what is said next begins another visit. */
export function withWish(state: VisitState, wish: Wish): VisitState {
  const before = state.isEnded ? emptyVisit : state
  return { ...before, wishes: [...before.wishes, { ...wish, after: before.messages.length }] }
}

const withoutWish = (state: VisitState, key: string): VisitState => ({
  ...state,
  wishes: state.wishes.filter((wish) => wish.key !== key),
})

/** The visit after one more word of the server. Messages and parts that did not change stay the same objects. */
export function applied(state: VisitState, update: VisitUpdate): VisitState {
  switch (update.type) {
    case 'visit': {
      // An ended visit is empty for the server; a reader may still want to look at it.
      const isOver = update.messages.length === 0 && state.messages.length > 0
      if (isOver) return { ...state, isEnded: true, messages: state.messages.map(finished) }
      return { ...state, messages: update.messages, handledBy: update.handledBy, isEnded: false }
    }
    case 'messages':
      if (!state.isEnded) return { ...state, messages: merged(state.messages, update.messages) }
      return { ...state, isEnded: false, messages: update.messages, wishes: state.wishes.map((wish) => ({ ...wish, after: 0 })) }
    case 'text':
      return withPart(state, update.messageId, update.part, (part) => ({
        type: 'text',
        text: (part?.type === 'text' ? part.text.slice(0, update.offset) : '') + update.text,
      }))
    case 'part':
      return withPart(state, update.messageId, update.part, () => update.value)
    case 'ended':
      return { ...state, isEnded: state.messages.length > 0, messages: state.messages.map(finished) }
    case 'ok':
    case 'error':
      return update.ref === null ? state : withoutWish(state, update.ref)
    case 'pong':
      return state
  }
}

const finished = (message: VisitMessage): VisitMessage => (message.isWriting ? { ...message, isWriting: false } : message)

function merged(known: readonly VisitMessage[], news: readonly VisitMessage[]): VisitMessage[] {
  const byId = new Map(known.map((message) => [message.id, message]))
  for (const message of news) byId.set(message.id, message)
  return [...byId.values()]
}

function withPart(
  state: VisitState,
  messageId: VisitMessage['id'],
  index: number,
  change: (part: VisitPart | undefined) => VisitPart,
): VisitState {
  const messages = state.messages.map((message) => {
    if (message.id !== messageId) return message
    const parts: VisitPart[] = [...message.parts]
    while (parts.length < index) parts.push({ type: 'hidden' })
    parts[index] = change(parts[index])
    return { ...message, parts }
  })
  return { ...state, messages }
}

/** What was written and is not among the messages yet. The message may arrive before the word that it was accepted. */
export function unheard({ wishes, messages }: VisitState): (Waiting & { text: string })[] {
  return wishes.flatMap((wish) => {
    if (wish.type === 'act') return []
    const isThere = messages
      .slice(wish.after)
      .some(({ from, parts }) => from === 'visitor' && parts.some((part) => part.type === 'text' && part.text === wish.text))
    return isThere ? [] : [wish]
  })
}

/** What is shown of a message, if anything is. */
export const isVisible = ({ parts }: VisitMessage): boolean =>
  parts.some((part) => part.type !== 'hidden' && (part.type !== 'text' || part.text !== ''))

export const isAnswering = ({ messages }: VisitState): boolean => messages.some(({ isWriting, from }) => isWriting && from === 'bot')

/** Nothing of the answer is there yet, so something has to say that it comes. */
export function isAwaited(state: VisitState): boolean {
  if (state.handledBy === 'person') return false
  return state.wishes.length > 0 || state.messages.some((message) => message.isWriting && !isVisible(message))
}
