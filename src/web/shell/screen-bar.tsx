import { type ReactNode, useEffect } from 'react'
import { t } from '../strings/index.ts'
import { ShowSidebar } from './sidebar-layout.tsx'
import './sidebar-layout.css'

/** The head of every screen: the way back to the sidebar, the title (also of the browser's tab), a few actions. */
export function ScreenBar({
  title,
  leading,
  actions,
  children,
}: {
  title: string
  leading?: ReactNode
  actions?: ReactNode
  children?: ReactNode
}) {
  useEffect(() => {
    document.title = title ? `${title} · ${t('app.name')}` : t('app.name')
  }, [title])
  return (
    <header className="screen-bar">
      {leading ?? <ShowSidebar />}
      {children ?? <h1 className="screen-bar-title">{title}</h1>}
      {actions && <div className="screen-bar-actions">{actions}</div>}
    </header>
  )
}
