import { Check, ChevronLeft, ChevronRight, Copy, Info, Pencil, Repeat2, RotateCcw } from 'lucide-react'
import { memo, useContext } from 'react'
import type { Message } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { formatNumber, formatUsd } from '../../../strings/format.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { ModelPicker } from '../composer/model-picker.tsx'
import { useCopy } from '../use-copy.ts'
import { FeedbackButtons } from './feedback-buttons.tsx'
import { useMessageActions } from './message-actions-context.ts'
import { MessageMenu } from './message-menu.tsx'
import { textOf } from './message-text.ts'
import { ShowsUsage } from './shows-usage-context.ts'

/**
 * What can be done with a message. Its place is always kept, so that pointing at a message moves nothing; its buttons are made only for the message
 * that somebody points at or has focused, since a hundred pickers cost more than a hundred messages.
 */
export function MessageToolbar({ message, isPointedAt }: { message: Message; isPointedAt: boolean }) {
  const showsUsage = useContext(ShowsUsage)
  const isWriting = message.answer !== null && ['queued', 'running', 'waiting'].includes(message.answer.state)
  if (isWriting) return <div className="toolbar" />
  const isAnswer = message.role === 'assistant'
  return (
    <>
      <div className="toolbar" role="group" aria-label={t('conversation.actions')}>
        {message.siblingIds.length > 1 && <BranchSwitcher message={message} />}
        {isPointedAt && <Actions message={message} />}
        {isPointedAt && isAnswer && !showsUsage && <AnswerFacts message={message} />}
      </div>
      {isAnswer && showsUsage && <AnswerFacts message={message} isWhole />}
    </>
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

/** In one line; where usage is to be shown, with what was read and what was written, and a price that nobody knows is said to be unknown. */
function AnswerFacts({ message, isWhole = false }: { message: Message; isWhole?: boolean }) {
  const { answer } = message
  // What was answered elsewhere has a name at most.
  if (!answer)
    return message.role === 'assistant' && message.authorName ? <span className="toolbar-facts">{message.authorName}</span> : null
  const { tokens, costNanoUsd } = answer
  const facts = [answer.modelName, tokens ? tokensOf(tokens, isWhole) : '', costOf(costNanoUsd, isWhole)].filter(Boolean)
  return <span className={isWhole ? 'usage-facts numeric' : 'toolbar-facts numeric'}>{facts.join(' · ')}</span>
}

function tokensOf({ input, output }: { input: number; output: number }, isWhole: boolean): string {
  if (isWhole) return t('conversation.usage.tokens', { input: formatNumber(input), output: formatNumber(output) })
  return input + output > 0 ? t('conversation.tokens', { count: input + output }) : ''
}

function costOf(nanoUsd: string | null, isWhole: boolean): string {
  if (nanoUsd === null) return isWhole ? t('conversation.model.price.unknown') : ''
  return nanoUsd === '0' ? '' : formatUsd(nanoUsd)
}
