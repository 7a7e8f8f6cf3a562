import { Outlet, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { startLive } from '../features/conversations/index.ts'
import { t } from '../strings/index.ts'
import { menuPopup } from '../ui/menu.tsx'
import { onDemand, useOnDemand } from '../ui/on-demand.ts'
import { pickerPopup } from '../ui/picker.tsx'
import { useShortcut } from '../ui/shortcut.ts'
import { toastRegion } from '../ui/toast.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { EntryPrompt } from './entry-prompt.tsx'
import { useLiveQueries } from './live-queries.ts'
import { openOverlay, useOverlay } from './overlays.ts'
import { drawer } from './sidebar-layout.tsx'
import { useThemeOfPerson } from './use-choose-theme.ts'
import './app-frame.css'

const palette = onDemand(() => import('./palette.tsx'))
const shortcutSheet = onDemand(() => import('./shortcut-sheet.tsx'))

/** What answers a press; the most likely first. */
const soonWanted = [menuPopup, toastRegion, pickerPopup, drawer, palette, shortcutSheet]

/** Around everything a signed-in person sees. */
export function AppFrame() {
  const navigate = useNavigate()
  const overlay = useOverlay()
  const parts = useOnDemand(palette, overlay === 'palette')
  const sheetParts = useOnDemand(shortcutSheet, overlay === 'shortcuts')
  useLiveQueries()
  useEffect(startLive, [])
  useThemeOfPerson()
  useShortcut('Mod K', () => openOverlay(overlay === 'palette' ? null : 'palette'), { inDialogs: overlay === 'palette' })
  useShortcut('Mod Shift O', () => void navigate({ to: '/' }))
  useShortcut('Mod ,', () => void navigate({ to: '/settings/profile' }))
  useShortcut('?', () => openOverlay('shortcuts'))

  // It must be here before the press, and also when the connection is gone; but it waits until nothing else is going on.
  useEffect(() => {
    const whenIdle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 1500))
    whenIdle(() => void Promise.allSettled(soonWanted.map((source) => source.load())))
  }, [])

  return (
    <div className="app">
      <a className="skip-link" href="#content">
        {t('shell.skip')}
      </a>
      <ConnectionBanner />
      <EntryPrompt />
      <Outlet />
      {parts && <parts.Palette />}
      {sheetParts && <sheetParts.ShortcutSheet />}
    </div>
  )
}
