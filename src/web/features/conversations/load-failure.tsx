import { useNavigate } from '@tanstack/react-router'
import { MessageSquareOff } from 'lucide-react'
import { toApiError } from '../../errors.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'

/** A conversation that is not there any more is no fault to try again; everything else is. */
export function LoadFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const navigate = useNavigate()
  const { code, message, action } = toApiError(error)
  return (
    <div className="conversation-failed">
      {code === 'conversation.not_found' ? (
        <EmptyState
          icon={MessageSquareOff}
          title={message}
          action={<Button onClick={() => void navigate({ to: '/' })}>{t('conversation.untitled')}</Button>}
        >
          {action}
        </EmptyState>
      ) : (
        <ErrorState error={error} kept={t('conversation.failed.kept')} onRetry={onRetry} />
      )}
    </div>
  )
}
