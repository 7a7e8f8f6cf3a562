import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import type { ConversationId } from '../../../contract/ids.ts'
import { api, query } from '../../api.ts'
import { newKey } from '../../new-key.ts'
import { Button } from '../../ui/button.tsx'
import { showError } from '../../ui/toast.tsx'
import { inboxMessagesOptions } from './inbox-queries.ts'
import { i } from './strings.ts'

/** What a person answers. Sent again after a failure it is the same answer, as long as its words are. */
export function AnswerBox({ id, name }: { id: ConversationId; name: string }) {
  const client = useQueryClient()
  const [text, setText] = useState('')
  const [isSending, setSending] = useState(false)
  const key = useRef(newKey())
  const field = useRef<HTMLTextAreaElement>(null)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (text.trim() === '' || isSending) return
    setSending(true)
    try {
      await api.inbox.answer({ id, text, key: key.current })
      key.current = newKey()
      setText('')
      void client.invalidateQueries({ queryKey: inboxMessagesOptions(id).queryKey })
      void client.invalidateQueries({ queryKey: query.inbox.key() })
    } catch (error) {
      showError(error, i('answer.failed'))
    } finally {
      setSending(false)
      field.current?.focus()
    }
  }

  return (
    <form className="inbox-answer" onSubmit={(event) => void submit(event)}>
      <textarea
        ref={field}
        className="input"
        aria-label={i('answer.label')}
        placeholder={i('answer.placeholder', { name })}
        rows={2}
        maxLength={20_000}
        value={text}
        onChange={(event) => {
          key.current = newKey()
          setText(event.target.value)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          event.currentTarget.form?.requestSubmit()
        }}
      />
      <Button type="submit" variant="primary" isPending={isSending}>
        {i('answer.send')}
      </Button>
    </form>
  )
}
