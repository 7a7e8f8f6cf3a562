import { useEffect, useRef } from 'react'
import type { Message } from '../../../contract/messages.ts'
import { formatAgo } from '../../strings/format.ts'
import { Markdown } from '../conversations/markdown/markdown.tsx'
import { segmentsOf, textOf } from '../conversations/transcript/message-text.ts'
import { PersonText } from '../conversations/transcript/person-text.tsx'
import { SurfaceView } from '../conversations/transcript/surface-view.tsx'
import { i } from './strings.ts'

/** The last messages. What a contact wrote is shown as it was written, never as markup. */
export function InboxMessages({
  messages,
  hasBefore,
  unsentIds,
}: {
  messages: readonly Message[]
  hasBefore: boolean
  /** Answers that the contact was not sent. */
  unsentIds: readonly Message['id'][]
}) {
  const end = useRef<HTMLDivElement>(null)
  const lastId = messages.at(-1)?.id
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which is no clean-up.
    end.current?.scrollIntoView({ block: 'end' })
  }, [lastId])

  return (
    // Scrolled by the keyboard too.
    <section className="inbox-scroll" aria-label={i('messages.label')} tabIndex={0}>
      {hasBefore && <p className="inbox-hint">{i('messages.older')}</p>}
      {messages.map((message) => (
        <InboxMessage key={message.id} message={message} isUnsent={unsentIds.includes(message.id)} />
      ))}
      <div ref={end} />
    </section>
  )
}

function InboxMessage({ message, isUnsent }: { message: Message; isUnsent: boolean }) {
  const isContact = message.role === 'user'
  const name = message.authorName || i(isContact ? 'visitor' : 'message.model')
  const text = textOf(message.parts)
  const segments = segmentsOf(message.parts)
  return (
    <article
      className="inbox-message"
      data-from={isContact ? 'contact' : 'us'}
      aria-label={i(isContact ? 'message.contact' : 'message.answer', { name })}
    >
      <p className="inbox-message-head" aria-hidden>
        {name} · {formatAgo(message.createdAt)}
      </p>
      {isContact ? (
        <PersonText text={text} />
      ) : segments.some(({ kind }) => kind === 'text' || kind === 'surface') ? (
        segments.map((segment) =>
          segment.kind === 'text' ? (
            <Markdown key={segment.text} text={segment.text} />
          ) : segment.kind === 'surface' ? (
            <SurfaceView key={segment.key} surface={segment.surface} />
          ) : null,
        )
      ) : (
        <p className="inbox-hint">{message.answer?.state === 'running' ? i('is.answering') : i('message.unfinished')}</p>
      )}
      {isUnsent && text && <p className="inbox-hint">{i('message.unsent')}</p>}
    </article>
  )
}
