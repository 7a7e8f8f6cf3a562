import { Link, Navigate } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { t } from '../../strings/index.ts'
import { useIsNarrow } from '../../ui/media-query.ts'
import { SettingsNav } from './settings-nav.tsx'
import './settings-page.css'

/** On a narrow screen the list of settings is a page; on a wide one it stands in the sidebar already. */
export function SettingsIndex() {
  if (!useIsNarrow()) return <Navigate to="/settings/profile" replace />
  return (
    <>
      <ScreenBar
        title={t('settings.title')}
        leading={
          <Link to="/" className="icon-button settings-back" aria-label={t('settings.back')}>
            <ArrowLeft size={20} strokeWidth={1.75} aria-hidden />
          </Link>
        }
      />
      <SettingsNav />
    </>
  )
}
