import { Link } from '@tanstack/react-router'
import { t } from '../../strings/index.ts'
import { useMe } from '../people/me.ts'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { settingsScreens } from './settings-screens.ts'
import './settings-nav.css'

export function SettingsNav() {
  const sections = settingsScreens(useMe(), useWorkspace().id)
  return (
    <nav className="settings-nav" aria-label={t('settings.title')}>
      {sections.map((section) => (
        <section key={section.label} aria-label={section.label}>
          <h2 aria-hidden>{section.label}</h2>
          <ul>
            {section.screens.map((screen) => (
              <li key={screen.to}>
                <Link to={screen.to} className="sidebar-row">
                  <screen.icon size={16} strokeWidth={1.75} aria-hidden />
                  <span className="sidebar-row-label">{screen.label}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}
