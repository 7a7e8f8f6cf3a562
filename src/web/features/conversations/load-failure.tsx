import { useNavigate } from '@tanstack/react-router'
import { MessageSquareOff } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { ApiError, toApiError } from '../../errors.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'

/** A conversation that is not there any more is no fault to try again; everything else is. */
export function LoadFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const navigate = useNavigate()
  const { code, message, action } = asNotFound(toApiError(error))
  const wayOn = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    // What had the focus went with the conversation.
    if (document.activeElement === document.body) wayOn.current?.focus()
  }, [code])
  return (
    <div className="conversation-failed">
      {code === 'conversation.not_found' ? (
        <EmptyState
          icon={MessageSquareOff}
          title={message}
          action={
            <Button ref={wayOn} onClick={() => void navigate({ to: '/' })}>
              {t('conversation.untitled')}
            </Button>
          }
        >
          {action}
        </EmptyState>
      ) : (
        <ErrorState error={error} kept={t('conversation.failed.kept')} onRetry={onRetry} />
      )}
    </div>
  )
}

/** All that was asked with is the id in the address: what is no id belongs to no conversation. */
const asNotFound = (error: ApiError): ApiError =>
  error.code === 'request.invalid' ? new ApiError('conversation.not_found', { cause: error }) : error
