import { Link, useRouterState } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useMe } from '../features/people/me.ts'
import { t } from '../strings/index.ts'
import { Button } from '../ui/button.tsx'
import './app-frame.css'

const key = 'parley.entry-prompt'

/** For whoever came by the one-time link: how to come back. Put away for this visit, it returns with the next. */
export function EntryPrompt() {
  const { hasPassword } = useMe()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const [isDismissed, setDismissed] = useState(() => sessionStorage.getItem(key) === 'later')
  if (hasPassword || isDismissed || path.startsWith('/settings')) return null
  return (
    <section className="strip entry-prompt" aria-label={t('entry.title')}>
      <KeyRound size={16} strokeWidth={1.75} aria-hidden />
      <p className="strip-text">
        <strong>{t('entry.title')}</strong> {t('entry.text')}
      </p>
      <Link to="/settings/account" className="button" data-variant="secondary" data-size="s">
        {t('entry.action')}
      </Link>
      <Button
        variant="quiet"
        size="s"
        onClick={() => {
          sessionStorage.setItem(key, 'later')
          setDismissed(true)
        }}
      >
        {t('entry.later')}
      </Button>
    </section>
  )
}
