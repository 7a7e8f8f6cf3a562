import { Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { startLive } from '../features/conversations/index.ts'
import { t } from '../strings/index.ts'
import { useShortcut } from '../ui/shortcut.ts'
import { loadToasts } from '../ui/toast.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { EntryPrompt } from './entry-prompt.tsx'
import { useLiveQueries } from './live-queries.ts'
import { openOverlay, useOverlay } from './overlays.ts'
import { useThemeOfPerson } from './use-choose-theme.ts'
import './app-frame.css'

const loadPalette = () => import('./palette.tsx')
const Palette = lazy(() => loadPalette().then((module) => ({ default: module.Palette })))
const ShortcutSheet = lazy(() => import('./shortcut-sheet.tsx').then((module) => ({ default: module.ShortcutSheet })))

/** Around everything a signed-in person sees. */
export function AppFrame() {
  const navigate = useNavigate()
  const overlay = useOverlay()
  useLiveQueries()
  useEffect(startLive, [])
  useThemeOfPerson()
  useShortcut('Mod K', () => openOverlay(overlay === 'palette' ? null : 'palette'), { inDialogs: overlay === 'palette' })
  useShortcut('Mod Shift O', () => void navigate({ to: '/' }))
  useShortcut('Mod ,', () => void navigate({ to: '/settings/profile' }))
  useShortcut('?', () => openOverlay('shortcuts'))

  // What answers a press must be here before the press, and also when the connection is gone. It waits until nothing else is going on.
  useEffect(() => {
    const whenIdle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 1500))
    whenIdle(() => void Promise.allSettled([loadToasts(), import('../ui/menu-popup.tsx'), import('../ui/picker-popup.tsx'), import('./drawer.tsx'), loadPalette()]))
  }, [])

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
