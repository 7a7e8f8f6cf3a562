import { createContext, useContext } from 'react'
import type { MessageId, ModelId, TurnId } from '../../../../contract/ids.ts'
import type { Feedback, FilePart, Message } from '../../../../contract/messages.ts'
import type { Decision, DecisionScope } from '../../../../contract/turns.ts'

/** What can be done with a message. The same object for the life of the screen, so that messages need not be drawn again for it. */
export interface MessageActions {
  startEdit: (message: Message) => void
  cancelEdit: () => void
  submitEdit: (message: Message, text: string, files: readonly FilePart[]) => void
  tryAgain: (message: Message, modelId?: ModelId) => void
  /** Has two models chosen that answer the same question at once. */
  askTwo: (message: Message) => void
  continueAnswer: (message: Message) => void
  compare: (message: Message) => void
  /** Goes on in a new conversation, with a copy of everything up to this message. */
  fork: (message: Message) => void
  /** Has a question put that is answered beside this conversation. */
  askAside: (message: Message) => void
  /** This message and what follows it, with a way back. */
  remove: (message: Message) => void
  switchBranch: (message: Message, siblingId: MessageId) => void
  withdraw: (message: Message) => void
  /** Null takes it back. */
  rate: (message: Message, feedback: Feedback | null) => void
  /** For what the reader thinks of it, which is said already. */
  askReason: (message: Message) => void
  showDetails: (message: Message) => void
  savePrompt: (message: Message) => void
  decide: (turnId: TurnId, callId: string, decision: Decision, scope?: DecisionScope) => Promise<void>
  /** Puts text that was not taken back where it was written. */
  toComposer: (text: string, files?: readonly FilePart[]) => void
  /** Puts words of an answer behind what is being written, to be answered to. */
  quote: (text: string) => void
}

const Context = createContext<MessageActions | undefined>(undefined)
export const MessageActionsProvider = Context.Provider

export function useMessageActions(): MessageActions {
  const actions = useContext(Context)
  if (!actions) throw new Error('No transcript around this message')
  return actions
}
