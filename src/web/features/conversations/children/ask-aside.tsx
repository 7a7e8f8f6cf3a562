import { useRef, useState } from 'react'
import type { Message } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextAreaField } from '../../../ui/field.tsx'
import { toApiError } from '../../../errors.ts'
import { useDraft } from '../composer/drafts.ts'
import { beginAside } from './begin-aside.ts'

/** A question about a message that is answered in a conversation of its own, while this one goes on. */
export function AskAside({ message, onClose }: { message: Message; onClose: () => void }) {
  const [question, setQuestion] = useDraft(`aside.${message.id}`)
  const [error, setError] = useState<string>()
  const isUnderWay = useRef(false)

  async function ask() {
    if (question.trim() === '' || isUnderWay.current) return
    isUnderWay.current = true
    try {
      await beginAside(message, question.trim())
      setQuestion('')
      onClose()
    } catch (cause) {
      isUnderWay.current = false
      const { message: words, action } = toApiError(cause)
      setError(`${words} ${action}`.trim())
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('conversation.aside')}
      description={t('conversation.aside.help')}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" disabled={question.trim() === ''} onClick={() => void ask()}>
            {t('conversation.aside.ask')}
          </Button>
        </>
      }
    >
      <TextAreaField label={t('conversation.aside.question')} value={question} maxLength={20_000} error={error} onChange={setQuestion} />
    </Dialog>
  )
}
