import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { t } from '../../strings/index.ts'
import { useIsNarrow } from '../../ui/media-query.ts'
import './settings-page.css'

interface Props {
  title: string
  intro?: ReactNode
  /** The main thing to do here, beside the title. */
  action?: ReactNode
  /** `wide` for tables. */
  width?: 'column' | 'wide'
  children: ReactNode
}

export function SettingsPage({ title, intro, action, width = 'column', children }: Props) {
  const isNarrow = useIsNarrow()
  return (
    <div className="settings" data-width={width}>
      <ScreenBar
        title={title}
        {...(isNarrow
          ? {
              leading: (
                <Link to="/settings" className="icon-button settings-back" aria-label={t('settings.title')}>
                  <ArrowLeft size={20} strokeWidth={1.75} aria-hidden />
                </Link>
              ),
            }
          : {})}
        actions={action}
      />
      <div className="settings-scroll">
        <div className="settings-page">
          {intro && <p className="settings-intro">{intro}</p>}
          {children}
        </div>
      </div>
    </div>
  )
}

/** A part of a page with its own heading. */
export function SettingsSection({ title, intro, children }: { title: string; intro?: ReactNode; children: ReactNode }) {
  return (
    <section className="settings-section">
      <h2>{title}</h2>
      {intro && <p className="settings-intro">{intro}</p>}
      {children}
    </section>
  )
}
