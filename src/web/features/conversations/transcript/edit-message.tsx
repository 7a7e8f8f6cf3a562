import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { maxMessageLength } from '../limits.ts'
import type { Message } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { Button } from '../../../ui/button.tsx'
import { useMessageActions } from './message-actions-context.ts'
import { textOf } from './message-text.ts'

export function EditMessage({ message }: { message: Message }) {
  const { cancelEdit, submitEdit } = useMessageActions()
  const [text, setText] = useState(() => textOf(message.parts))
  const field = useRef<HTMLTextAreaElement>(null)

  useEffect(() => {
    const area = field.current
    area?.focus({ preventScroll: true })
    area?.setSelectionRange(area.value.length, area.value.length)
  }, [])

  const isSendable = text.trim() !== '' && text.length <= maxMessageLength

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.stopPropagation()
      cancelEdit()
    } else if (event.key === 'Enter' && !event.shiftKey && isSendable) {
      event.preventDefault()
      submitEdit(message, text)
    }
  }

  return (
    <div className="person edit">
      <textarea
        ref={field}
        className="edit-field"
        rows={1}
        value={text}
        aria-label={t('conversation.edit.label')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="edit-foot">
        <p>{t('conversation.edit.help')}</p>
        <Button size="s" variant="quiet" onClick={cancelEdit}>
          {t('ui.cancel')}
        </Button>
        <Button size="s" variant="primary" disabled={!isSendable} onClick={() => submitEdit(message, text)}>
          {t('conversation.edit.send')}
        </Button>
      </div>
    </div>
  )
}
