import type { LucideIcon } from 'lucide-react'
import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { toApiError } from '../errors.ts'
import { t } from '../strings/index.ts'
import { Button } from './button.tsx'
import './states.css'

/** Says what belongs here and offers the first step. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon?: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="state">
      {Icon && <Icon size={20} strokeWidth={1.5} aria-hidden />}
      <p className="state-title">{title}</p>
      {children && <div className="state-text">{children}</div>}
      {action && <div className="state-action">{action}</div>}
    </div>
  )
}

/** What happened, what was kept, what to press. */
export function ErrorState({ error, kept, onRetry }: { error: unknown; kept?: string; onRetry?: () => void }) {
  const { message, action, detail, requestId } = toApiError(error)
  return (
    <div className="state" data-tone="danger" role="alert">
      <CircleAlert size={20} strokeWidth={1.5} aria-hidden />
      <p className="state-title">{message}</p>
      <div className="state-text">
        <p>
          {detail ? `${detail} ` : ''}
          {action}
        </p>
        {kept && <p>{kept}</p>}
        {requestId && <p className="state-request">{t('error.request', { id: requestId })}</p>}
      </div>
      {onRetry && (
        <div className="state-action">
          <Button onClick={onRetry}>{t('ui.retry')}</Button>
        </div>
      )}
    </div>
  )
}

/** A calm sentence with a tint: something to know, something wrong, something done. Not an alert unless `isAlert`. */
export function Notice({
  tone = 'plain',
  icon: Icon,
  isAlert = false,
  children,
  action,
}: {
  tone?: 'plain' | 'danger' | 'warning' | 'success'
  icon?: LucideIcon
  isAlert?: boolean
  children: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="notice" data-tone={tone} role={isAlert ? 'alert' : undefined}>
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden />}
      <div className="notice-text">{children}</div>
      {action}
    </div>
  )
}
