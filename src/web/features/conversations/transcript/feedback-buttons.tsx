import { ThumbsDown, ThumbsUp } from 'lucide-react'
import type { Message } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { useMessageActions } from './message-actions-context.ts'

const values = [
  ['like', ThumbsUp],
  ['dislike', ThumbsDown],
] as const

/** One press says what one thinks, another takes it back; a reason may follow and is never asked for. */
export function FeedbackButtons({ message }: { message: Message }) {
  const { rate, askReason } = useMessageActions()
  const { feedback } = message
  return (
    <>
      {values.map(([value, icon]) => (
        <IconButton
          key={value}
          size="s"
          icon={icon}
          label={t(`conversation.${value}`)}
          aria-pressed={feedback?.value === value}
          className="feedback"
          onClick={() => rate(message, feedback?.value === value ? null : { value, reason: null })}
        />
      ))}
      {feedback && (
        <button type="button" className="feedback-say" onClick={() => askReason(message)}>
          {t(feedback.reason ? 'conversation.feedback.change' : 'conversation.feedback.say')}
        </button>
      )}
    </>
  )
}
