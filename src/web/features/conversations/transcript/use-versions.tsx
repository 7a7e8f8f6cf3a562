import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import type { ConversationId, MessageId } from '../../../../contract/ids.ts'
import type { Message } from '../../../../contract/messages.ts'
import { send } from '../live/outbox.ts'
import type { MessageActions } from './message-actions-context.ts'
import type { TranscriptWindow } from './window.ts'

const TwoModels = lazy(() => import('./two-models.tsx').then((module) => ({ default: module.TwoModels })))
const CompareAnswers = lazy(() => import('./compare-answers.tsx').then((module) => ({ default: module.CompareAnswers })))

interface Options {
  conversationId: ConversationId
  window: TranscriptWindow | undefined
  switchTo: (message: Message, siblingId: MessageId) => void
  toEnd: () => void
}

type VersionActions = Pick<MessageActions, 'continueAnswer' | 'askTwo' | 'compare'>

/** More answers to one question: continued, by two models, side by side. `dialogs` stands among the messages' actions. */
export function useVersions({ conversationId, window, switchTo, toEnd }: Options): { actions: VersionActions; dialogs: ReactNode } {
  const [asking, setAsking] = useState<Message | null>(null)
  /** The place on the path: its versions come while it is open. */
  const [comparingDepth, setComparingDepth] = useState<number | null>(null)
  const compared = comparingDepth === null ? undefined : window?.messages.get(comparingDepth)

  const actions = useMemo<VersionActions>(
    () => ({
      continueAnswer: ({ id, depth, answer }) => {
        // By whoever wrote the beginning.
        send({ conversationId, text: '', depth, continueFrom: id, ...(answer?.modelId && { modelId: answer.modelId }) })
        toEnd()
      },
      askTwo: setAsking,
      compare: ({ depth }) => setComparingDepth(depth),
    }),
    [conversationId, toEnd],
  )

  const dialogs = (
    <Suspense>
      {asking && (
        <TwoModels
          firstId={asking.answer?.modelId ?? null}
          onClose={() => setAsking(null)}
          onAsk={(modelIds) => {
            const { depth, parentId } = asking
            if (parentId === null) return
            for (const modelId of modelIds) send({ conversationId, text: '', depth, tryAgain: parentId, modelId })
            setComparingDepth(depth)
          }}
        />
      )}
      {compared && (
        <CompareAnswers
          message={compared}
          onClose={() => setComparingDepth(null)}
          onChoose={(siblingId) => switchTo(compared, siblingId)}
        />
      )}
    </Suspense>
  )
  return { actions, dialogs }
}
