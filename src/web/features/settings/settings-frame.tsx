import { Link, Outlet } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { PersonMenu } from '../../shell/person-menu.tsx'
import { HideSidebar, SidebarLayout } from '../../shell/sidebar-layout.tsx'
import '../../shell/sidebar.css'
import { t } from '../../strings/index.ts'
import { SettingsNav } from './settings-nav.tsx'

/** The settings take the place of the conversations in the sidebar: one list at a time. */
export function SettingsFrame() {
  return (
    <SidebarLayout
      sidebar={
        <>
          <div className="sidebar-head">
            <span className="sidebar-name">{t('settings.title')}</span>
            <HideSidebar />
          </div>
          <div className="sidebar-actions">
            <Link to="/" className="sidebar-row">
              <ArrowLeft size={16} strokeWidth={1.75} aria-hidden />
              <span className="sidebar-row-label">{t('settings.back')}</span>
            </Link>
          </div>
          <SettingsNav />
          <PersonMenu />
        </>
      }
    >
      <Outlet />
    </SidebarLayout>
  )
}
