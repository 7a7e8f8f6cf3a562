import { useRouterState } from '@tanstack/react-router'
import { PanelLeft, X } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { t } from '../strings/index.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { useIsNarrow } from '../ui/media-query.ts'
import { onDemand, useOnDemand } from '../ui/on-demand.ts'
import { useShortcut } from '../ui/shortcut.ts'
import { setCollapsed, setDrawerOpen, useSidebarState } from './sidebar-state.ts'
import './sidebar-layout.css'

export const drawer = onDemand(() => import('./drawer.tsx'))

/** The sidebar beside the page, or over it on a narrow screen. */
export function SidebarLayout({ sidebar, children }: { sidebar: ReactNode; children: ReactNode }) {
  const { isCollapsed, isDrawerOpen } = useSidebarState()
  const isNarrow = useIsNarrow()
  const path = useRouterState({ select: (state) => state.location.pathname })

  // Kept from then on, so that it can also be seen closing.
  const [hasDrawer, setHasDrawer] = useState(false)
  if (isDrawerOpen && !hasDrawer) setHasDrawer(true)
  const parts = useOnDemand(drawer, hasDrawer && isNarrow)

  useShortcut('Mod B', () => (isNarrow ? setDrawerOpen(!isDrawerOpen) : setCollapsed(!isCollapsed)), { inDialogs: isDrawerOpen })

  // Whoever has arrived somewhere wants to see it.
  useEffect(() => setDrawerOpen(false), [path])

  return (
    <div className="layout" data-sidebar={isNarrow ? 'drawer' : isCollapsed ? 'collapsed' : 'open'}>
      {isNarrow
        ? parts && <parts.Drawer isOpen={isDrawerOpen}>{sidebar}</parts.Drawer>
        : !isCollapsed && (
            <aside className="sidebar" aria-label={t('shell.sidebar')}>
              {sidebar}
            </aside>
          )}
      <main id="content" className="layout-main" tabIndex={-1}>
        {children}
      </main>
      {/* Where a screen puts what stands beside it. */}
      <div id="beside" className="layout-beside" />
    </div>
  )
}

/** In the sidebar: puts it away. */
export function HideSidebar() {
  const isNarrow = useIsNarrow()
  return isNarrow ? (
    <IconButton icon={X} label={t('ui.close')} onClick={() => setDrawerOpen(false)} />
  ) : (
    <IconButton icon={PanelLeft} label={t('shell.sidebar.hide')} shortcut="Mod B" onClick={() => setCollapsed(true)} />
  )
}

/** In a screen's bar: brings the sidebar back. Draws nothing while it is there. */
export function ShowSidebar() {
  const isNarrow = useIsNarrow()
  const { isCollapsed } = useSidebarState()
  if (isNarrow) return <IconButton icon={PanelLeft} iconSize={20} label={t('shell.sidebar.open')} onClick={() => setDrawerOpen(true)} />
  if (isCollapsed)
    return <IconButton icon={PanelLeft} label={t('shell.sidebar.show')} shortcut="Mod B" onClick={() => setCollapsed(false)} />
  return null
}
