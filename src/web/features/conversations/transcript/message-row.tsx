import { memo, useMemo, useState } from 'react'
import type { ChildConversation } from '../../../../contract/conversations.ts'
import type { Highlight } from '../../../../contract/highlights.ts'
import type { Message } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { MessageFiles } from '../../files/message-files.tsx'
import { MarkedPassages } from '../../highlights/marked-passages.ts'
import { MessageHighlights } from '../../highlights/message-highlights.tsx'
import { Button } from '../../../ui/button.tsx'
import { PictureMessage } from '../markdown/remote-image.tsx'
import { ChildCards } from '../children/child-cards.tsx'
import { Markdown } from '../markdown/markdown.tsx'
import { Answer, useAnswer } from './answer.tsx'
import { Disclosure } from './disclosure.tsx'
import { EditMessage } from './edit-message.tsx'
import { useMessageActions } from './message-actions-context.ts'
import { MessageToolbar } from './message-toolbar.tsx'
import { filesOf, textOf } from './message-text.ts'
import { PersonText } from './person-text.tsx'
import './message.css'

interface Props {
  message: Message
  /** What the reader marked in it. */
  highlights: readonly Highlight[] | undefined
  /** The conversations that it began. */
  asides: readonly ChildConversation[] | undefined
  total: number
  isEditing: boolean
  /** One message is in the order of Tab; J and K reach the others. */
  isTabStop: boolean
  /** By a pointer or by the focus: its buttons are there. */
  isPointedAt: boolean
}

export const MessageRow = memo(function MessageRow({
  message: stored,
  highlights,
  asides,
  total,
  isEditing,
  isTabStop,
  isPointedAt,
}: Props) {
  const message = useAnswer(stored)
  const isAnswer = message.role === 'assistant'
  const pictures = useMemo(() => ({ conversationId: stored.conversationId, messageId: stored.id }), [stored.conversationId, stored.id])

  const name = isAnswer
    ? message.answer?.modelName || message.authorName
      ? t('conversation.message.answer', { name: message.answer?.modelName || message.authorName })
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
    >
      {isAnswer ? (
        <PictureMessage value={pictures}>
          <MarkedPassages value={highlights}>
            <Answer message={message} />
          </MarkedPassages>
        </PictureMessage>
      ) : isEditing ? (
        <EditMessage message={message} />
      ) : (
        <Said message={message} />
      )}
      {isAnswer && highlights && <MessageHighlights highlights={highlights} source={textOf(message.parts)} />}
      {asides && <ChildCards items={asides} />}
      {message.role === 'user' && !isEditing && message.depth === total - 1 && <Unanswered message={message} />}
      {!isEditing && <MessageToolbar message={message} isPointedAt={isPointedAt} />}
      {message.summary !== null && (
        <Disclosure summary={t('conversation.message.summary')}>
          <p className="summary-hint">{t('conversation.message.summary.hint')}</p>
          <Markdown text={message.summary} />
        </Disclosure>
      )}
    </article>
  )
})

/** What a person said, below the files that came with it. */
function Said({ message: { parts } }: { message: Message }) {
  const text = textOf(parts)
  const files = filesOf(parts)
  return (
    <>
      <MessageFiles parts={files} />
      {(text !== '' || files.length === 0) && (
        <div className="person">
          <PersonText text={text} />
        </div>
      )}
    </>
  )
}

/** The last message of a path whose answers were deleted. */
function Unanswered({ message }: { message: Message }) {
  const { tryAgain } = useMessageActions()
  const [isAsked, setAsked] = useState(false)
  if (isAsked) return null
  return (
    <p className="answer-state unanswered">
      {t('conversation.unanswered')}
      <Button
        size="s"
        onClick={() => {
          setAsked(true)
          tryAgain(message)
        }}
      >
        {t('conversation.unanswered.ask')}
      </Button>
    </p>
  )
}
