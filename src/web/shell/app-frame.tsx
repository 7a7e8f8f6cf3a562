import { Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { t } from '../strings/index.ts'
import { useShortcut } from '../ui/shortcut.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { EntryPrompt } from './entry-prompt.tsx'
import { useLiveQueries } from './live-queries.ts'
import { openOverlay, useOverlay } from './overlays.ts'
import { useThemeOfPerson } from './use-choose-theme.ts'
import './app-frame.css'

const Palette = lazy(() => import('./palette.tsx').then((module) => ({ default: module.Palette })))
const ShortcutSheet = lazy(() => import('./shortcut-sheet.tsx').then((module) => ({ default: module.ShortcutSheet })))

/** Around everything a signed-in person sees. */
export function AppFrame() {
  const navigate = useNavigate()
  const overlay = useOverlay()
  useLiveQueries()
  useThemeOfPerson()
  useShortcut('Mod K', () => openOverlay(overlay === 'palette' ? null : 'palette'), { inDialogs: overlay === 'palette' })
  useShortcut('Mod Shift O', () => void navigate({ to: '/' }))
  useShortcut('Mod ,', () => void navigate({ to: '/settings/profile' }))
  useShortcut('?', () => openOverlay('shortcuts'))

  return (
    <div className="app">
      <a className="skip-link" href="#content">
        {t('shell.skip')}
      </a>
      <ConnectionBanner />
      <EntryPrompt />
      <Outlet />
      <Suspense>
        {overlay === 'palette' && <Palette />}
        {overlay === 'shortcuts' && <ShortcutSheet />}
      </Suspense>
    </div>
  )
}
