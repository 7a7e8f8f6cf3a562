import { useState } from 'react'
import { maxFeedbackReasonLength } from '../../../../contract/mark-choices.ts'
import type { Message } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextAreaField } from '../../../ui/field.tsx'
import { rateAnswer } from './rate-answer.ts'

export function FeedbackReason({ message, onClose }: { message: Message; onClose: () => void }) {
  const value = message.feedback?.value ?? 'like'
  const [reason, setReason] = useState(message.feedback?.reason ?? '')

  function save() {
    onClose()
    void rateAnswer(message, { value, reason: reason.trim() || null })
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`conversation.feedback.title.${value}`)}
      description={t('conversation.feedback.text')}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" onClick={save}>
            {t('ui.save')}
          </Button>
        </>
      }
    >
      <TextAreaField
        label={t('conversation.feedback.reason')}
        hint={t('ui.optional')}
        value={reason}
        maxLength={maxFeedbackReasonLength}
        onChange={setReason}
      />
    </Dialog>
  )
}
