import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { CircleAlert, Compass } from 'lucide-react'
import { useEffect } from 'react'
import { ApiError } from '../errors.ts'
import { t } from '../strings/index.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState, ErrorState } from '../ui/states.tsx'
import './screen-error.css'

/** A chunk of an older version is gone once the server was updated. */
const isOutdated = (error: unknown): boolean =>
  error instanceof TypeError && /dynamically imported module|module script/i.test(error.message)

/** Where a screen ends that failed: what happened, what was kept, what to press. */
export function ScreenError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }

  useEffect(() => {
    if (!(error instanceof ApiError)) console.error(error)
  }, [error])

  if (error instanceof ApiError) {
    return (
      <div className="screen-error">
        <ErrorState error={error} onRetry={retry} />
      </div>
    )
  }
  const outdated = isOutdated(error)
  return (
    <div className="screen-error" role="alert">
      <EmptyState
        icon={CircleAlert}
        title={t(outdated ? 'error.update.title' : 'error.screen.title')}
        action={
          <div className="screen-error-actions">
            {!outdated && <Button onClick={retry}>{t('ui.retry')}</Button>}
            <Button variant={outdated ? 'primary' : 'secondary'} onClick={() => location.reload()}>
              {t('ui.reload')}
            </Button>
          </div>
        }
      >
        {t(outdated ? 'error.update.text' : 'error.screen.text')}
      </EmptyState>
    </div>
  )
}

export function NotFound() {
  return (
    <div className="screen-error">
      <EmptyState icon={Compass} title={t('error.not_found.title')} action={<Link to="/">{t('error.not_found.action')}</Link>}>
        {t('error.not_found.text')}
      </EmptyState>
    </div>
  )
}
