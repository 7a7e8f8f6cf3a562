import { X } from 'lucide-react'
import { useState } from 'react'
import type { TurnId } from '../../../../contract/ids.ts'
import { api } from '../../../api.ts'
import { ApiError } from '../../../errors.ts'
import { t } from '../../../strings/index.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { showError } from '../../../ui/toast.tsx'

/** Ends one call; the answer goes on, and what became of the call comes with its stream. */
export function CancelCall({ turnId, callId, tool }: { turnId: TurnId; callId: string; tool: string }) {
  const [isSent, setSent] = useState(false)

  async function cancel() {
    setSent(true)
    try {
      await api.turns.cancelCall({ id: turnId, callId })
    } catch (error) {
      setSent(false)
      // It ended by itself meanwhile.
      if (!(error instanceof ApiError && error.code === 'call.not_running')) showError(error, t('conversation.tool.cancel.failed'))
    }
  }

  return (
    <IconButton
      icon={X}
      size="s"
      label={t('conversation.tool.cancel', { tool })}
      aria-disabled={isSent}
      onClick={() => !isSent && void cancel()}
    />
  )
}
