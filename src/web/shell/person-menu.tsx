import { Link, useNavigate } from '@tanstack/react-router'
import { Keyboard, LogOut, Settings } from 'lucide-react'
import { api } from '../api.ts'
import { stopLive } from '../features/conversations/index.ts'
import { useMe } from '../features/people/me.ts'
import { t } from '../strings/index.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { showError } from '../ui/toast.tsx'
import { openOverlay } from './overlays.ts'
import { useChooseTheme } from './use-choose-theme.ts'

/** At the foot of the sidebar: the person, with what concerns them. */
export function PersonMenu() {
  const me = useMe()
  const navigate = useNavigate()
  const [theme, chooseTheme] = useChooseTheme()

  async function signOut() {
    try {
      await api.people.signOut()
    } catch (error) {
      showError(error)
      return
    }
    stopLive()
    await navigate({ to: '/sign-in', replace: true })
  }

  return (
    <div className="sidebar-foot">
      <Menu
        side="top"
        trigger={
          <button type="button" className="sidebar-row">
            <Avatar name={me.name} />
            <span className="sidebar-row-label">{me.name}</span>
            <span className="visually-hidden">, {t('shell.me')}</span>
          </button>
        }
      >
        <MenuItem icon={Settings} shortcut="Mod ," render={<Link to="/settings/profile" />}>
          {t('shell.settings')}
        </MenuItem>
        <MenuItem icon={Keyboard} shortcut="?" onSelect={() => openOverlay('shortcuts')}>
          {t('shortcuts.title')}
        </MenuItem>
        <MenuSeparator />
        <MenuChoice
          label={t('shell.theme')}
          value={theme}
          onChange={chooseTheme}
          options={[
            { value: 'system', label: t('shell.theme.system') },
            { value: 'light', label: t('shell.theme.light') },
            { value: 'dark', label: t('shell.theme.dark') },
          ]}
        />
        <MenuSeparator />
        <MenuItem icon={LogOut} onSelect={() => void signOut()}>
          {t('shell.sign_out')}
        </MenuItem>
      </Menu>
    </div>
  )
}
