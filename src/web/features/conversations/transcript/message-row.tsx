import { type KeyboardEvent, memo, useState } from 'react'
import type { Message } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { useMediaQuery } from '../../../ui/media-query.ts'
import { writeClipboard } from '../use-copy.ts'
import { Answer, useAnswer } from './answer.tsx'
import { EditMessage } from './edit-message.tsx'
import { useMessageActions } from './message-actions-context.ts'
import { MessageToolbar } from './message-toolbar.tsx'
import { textOf } from './message-text.ts'
import { PersonText } from './person-text.tsx'
import './message.css'

interface Props {
  message: Message
  total: number
  isEditing: boolean
  /** One message is in the order of Tab; J and K reach the others. */
  isTabStop: boolean
}

export const MessageRow = memo(function MessageRow({ message: stored, total, isEditing, isTabStop }: Props) {
  const message = useAnswer(stored)
  const actions = useMessageActions()
  const isAnswer = message.role === 'assistant'
  const isTouch = useMediaQuery('(hover: none)')
  const [isPointedAt, setPointedAt] = useState(false)

  /** Single letters act on the message that has the focus itself, never on something inside it. */
  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return
    const key = event.key.toLowerCase()
    if (key === 'c') void writeClipboard(textOf(message.parts))
    else if (key === 'r') actions.tryAgain(message)
    else if (key === 'e' && !isAnswer) actions.startEdit(message)
    else return
    event.preventDefault()
  }

  const name = isAnswer
    ? message.answer?.modelName
      ? t('conversation.message.answer', { name: message.answer.modelName })
      : t('conversation.message.answer.unnamed')
    : t(message.role === 'user' ? 'conversation.message.user' : 'conversation.message.system')

  return (
    <article
      className="message"
      data-role={message.role}
      data-message={message.depth}
      tabIndex={isTabStop ? 0 : -1}
      aria-label={name}
      aria-posinset={message.depth + 1}
      aria-setsize={total}
      onKeyDown={onKeyDown}
      onPointerEnter={() => setPointedAt(true)}
      onFocus={() => setPointedAt(true)}
    >
      {isAnswer ? (
        <Answer message={message} />
      ) : isEditing ? (
        <EditMessage message={message} />
      ) : (
        <div className="person">
          <PersonText text={textOf(message.parts)} />
        </div>
      )}
      {!isEditing && <MessageToolbar message={message} isPointedAt={isPointedAt || isTouch} />}
    </article>
  )
})
