import { Check, ChevronLeft, ChevronRight, Copy, Info, Pencil, Repeat2, RotateCcw } from 'lucide-react'
import { memo } from 'react'
import type { Message } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { formatUsd } from '../../../strings/format.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { ModelPicker } from '../composer/model-picker.tsx'
import { useCopy } from '../use-copy.ts'
import { FeedbackButtons } from './feedback-buttons.tsx'
import { useMessageActions } from './message-actions-context.ts'
import { MessageMenu } from './message-menu.tsx'
import { textOf } from './message-text.ts'

/**
 * What can be done with a message. Its place is always kept, so that pointing at a message moves nothing; its buttons are made only for the message
 * that somebody points at or has focused, since a hundred pickers cost more than a hundred messages.
 */
export function MessageToolbar({ message, isPointedAt }: { message: Message; isPointedAt: boolean }) {
  const isWriting = message.answer !== null && ['queued', 'running', 'waiting'].includes(message.answer.state)
  if (isWriting) return <div className="toolbar" />
  return (
    <div className="toolbar" role="group" aria-label={t('conversation.actions')}>
      {message.siblingIds.length > 1 && <BranchSwitcher message={message} />}
      {isPointedAt && <Actions message={message} />}
      {isPointedAt && message.role === 'assistant' && <AnswerFacts message={message} />}
    </div>
  )
}

function Actions({ message }: { message: Message }) {
  const actions = useMessageActions()
  const { isCopied, copy, copyRich } = useCopy()
  const isAnswer = message.role === 'assistant'
  return (
    <div className="toolbar-actions">
      <IconButton
        size="s"
        icon={isCopied ? Check : Copy}
        label={isCopied ? t('ui.copied') : t('conversation.copy')}
        shortcut="C"
        onClick={() => (isAnswer ? copyRich : copy)(textOf(message.parts))}
      />
      {isAnswer ? (
        <>
          <IconButton size="s" icon={RotateCcw} label={t('conversation.again')} shortcut="R" onClick={() => actions.tryAgain(message)} />
          <ModelPicker
            label={t('conversation.again.with')}
            value={message.answer?.modelId ?? null}
            onChange={(modelId) => actions.tryAgain(message, modelId)}
            trigger={<IconButton size="s" icon={Repeat2} label={t('conversation.again.with')} />}
          />
          <FeedbackButtons message={message} />
          <IconButton size="s" icon={Info} label={t('conversation.more')} onClick={() => actions.showDetails(message)} />
        </>
      ) : (
        <IconButton size="s" icon={Pencil} label={t('conversation.edit')} shortcut="E" onClick={() => actions.startEdit(message)} />
      )}
      <MessageMenu message={message} />
    </div>
  )
}

/** ‹ 2/3 › */
const BranchSwitcher = memo(function BranchSwitcher({ message }: { message: Message }) {
  const { switchBranch } = useMessageActions()
  const index = message.siblingIds.indexOf(message.id)
  const total = message.siblingIds.length
  const previous = message.siblingIds[index - 1]
  const next = message.siblingIds[index + 1]
  return (
    <div className="branch" role="group" aria-label={t('conversation.branch')}>
      <IconButton
        size="s"
        icon={ChevronLeft}
        label={t('conversation.branch.previous')}
        disabled={previous === undefined}
        onClick={() => previous && switchBranch(message, previous)}
      />
      <span className="numeric" aria-hidden>
        {index + 1}/{total}
      </span>
      <span className="visually-hidden">{t('conversation.branch.position', { index: index + 1, total })}</span>
      <IconButton
        size="s"
        icon={ChevronRight}
        label={t('conversation.branch.next')}
        disabled={next === undefined}
        onClick={() => next && switchBranch(message, next)}
      />
    </div>
  )
})

function AnswerFacts({ message }: { message: Message }) {
  const { answer } = message
  if (!answer) return null
  const tokens = answer.tokens && answer.tokens.input + answer.tokens.output
  const facts = [
    answer.modelName,
    tokens ? t('conversation.tokens', { count: tokens }) : '',
    answer.costNanoUsd === null || answer.costNanoUsd === '0' ? '' : formatUsd(answer.costNanoUsd),
  ].filter(Boolean)
  return <span className="toolbar-facts numeric">{facts.join(' · ')}</span>
}
