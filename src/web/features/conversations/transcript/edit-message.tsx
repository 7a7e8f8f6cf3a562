import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { maxMessageLength } from '../limits.ts'
import type { Message } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { MessageFiles } from '../../files/message-files.tsx'
import { Button } from '../../../ui/button.tsx'
import { useDraft } from '../composer/drafts.ts'
import { useHasKeyboard } from '../composer/has-keyboard.ts'
import { useMessageActions } from './message-actions-context.ts'
import { filesOf, textOf } from './message-text.ts'

export function EditMessage({ message }: { message: Message }) {
  const { cancelEdit, submitEdit } = useMessageActions()
  const written = textOf(message.parts)
  const [text, setText] = useDraft(`edit.${message.id}`, written)
  const isSent = useRef(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const hasKeyboard = useHasKeyboard()

  useEffect(() => {
    const area = field.current
    area?.focus({ preventScroll: true })
    area?.setSelectionRange(area.value.length, area.value.length)
  }, [])

  const [files, setFiles] = useState(() => filesOf(message.parts))
  const isSendable = (text.trim() !== '' || files.length > 0) && text.length <= maxMessageLength

  function submit() {
    if (!isSendable || isSent.current) return
    isSent.current = true
    setText(written)
    submitEdit(message, text.trim() === '' ? '' : text, files)
  }

  function giveUp() {
    setText(written)
    cancelEdit()
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.stopPropagation()
      // The draft stays: a key that is pressed by accident costs nothing.
      cancelEdit()
    } else if (event.key === 'Enter' && !event.shiftKey && (hasKeyboard || event.ctrlKey || event.metaKey) && isSendable) {
      event.preventDefault()
      submit()
    }
  }

  return (
    <div className="person edit">
      <MessageFiles parts={files} onRemove={(part) => setFiles(files.filter((one) => one !== part))} />
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
        <Button size="s" variant="quiet" onClick={giveUp}>
          {t('ui.cancel')}
        </Button>
        <Button size="s" variant="primary" disabled={!isSendable} onClick={submit}>
          {t('conversation.edit.send')}
        </Button>
      </div>
    </div>
  )
}
