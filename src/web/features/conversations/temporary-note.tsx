import { useQueryClient } from '@tanstack/react-query'
import { Hourglass } from 'lucide-react'
import { useState } from 'react'
import type { Conversation } from '../../../contract/conversations.ts'
import { api } from '../../api.ts'
import { putConversation } from '../../shell/conversation-cache.ts'
import { t } from '../../strings/index.ts'
import { formatInstant } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { showError, showToast } from '../../ui/toast.tsx'

/** That this conversation is temporary, until when, and how to keep it. */
export function TemporaryNote({ conversation, expiresAt }: { conversation: Conversation; expiresAt: string }) {
  const client = useQueryClient()
  const [isPending, setPending] = useState(false)

  async function keep() {
    setPending(true)
    try {
      putConversation(client, await api.conversations.update({ id: conversation.id, isTemporary: false }))
      showToast({ title: t('conversation.temporary.kept') })
    } catch (error) {
      showError(error, t('conversation.temporary.keep_failed'))
      setPending(false)
    }
  }

  return (
    <div className="screen-note" data-tone="warning">
      <Hourglass size={16} strokeWidth={1.75} aria-hidden />
      <p>{t('conversation.temporary.until', { instant: formatInstant(expiresAt) })}</p>
      <Button size="s" isPending={isPending} onClick={() => void keep()}>
        {t('conversation.temporary.keep')}
      </Button>
    </div>
  )
}
