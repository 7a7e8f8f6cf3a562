import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { api } from '../../api.ts'
import { type ApiError, toApiError } from '../../errors.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/states.tsx'
import { useArrive } from './arrive.ts'
import { EntryPage } from './entry-page.tsx'
import { p } from './strings.ts'

/**
 * The one-time link. Its token stands in the fragment, which no server and no log ever sees; it is taken out of the address at once and
 * spent only once, however often React mounts this.
 */
export function Enter() {
  const arrive = useArrive()
  const [token] = useState(() => decodeURIComponent(location.hash.slice(1)))
  const [error, setError] = useState<ApiError | null>(null)
  const [attempt, setAttempt] = useState(0)
  const spent = useRef(-1)

  useEffect(() => {
    if (token === '' || spent.current === attempt) return
    spent.current = attempt
    history.replaceState(history.state, '', location.pathname)
    api.people.enter({ token }).then(
      (me) => arrive(me),
      (thrown: unknown) => setError(toApiError(thrown)),
    )
  }, [token, attempt, arrive])

  if (token === '') {
    return (
      <EntryPage title={p('enter.missing.title')} foot={<Link to="/sign-in">{p('enter.sign_in')}</Link>}>
        <Notice>{p('enter.missing.text')}</Notice>
      </EntryPage>
    )
  }
  if (!error) {
    return (
      <EntryPage title={p('enter.working')}>
        <p role="status">{t('ui.loading')}</p>
      </EntryPage>
    )
  }
  const isSpent = error.code === 'auth.entry_link_used' || error.code === 'request.invalid'
  return (
    <EntryPage title={isSpent ? p('enter.used.title') : error.message} foot={<Link to="/sign-in">{p('enter.sign_in')}</Link>}>
      <Notice tone="danger" isAlert>
        {[error.detail, error.action].filter(Boolean).join(' ')}
      </Notice>
      {!isSpent && (
        <Button
          onClick={() => {
            setError(null)
            setAttempt(attempt + 1)
          }}
        >
          {t('ui.retry')}
        </Button>
      )}
    </EntryPage>
  )
}
