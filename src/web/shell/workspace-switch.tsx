import { useNavigate } from '@tanstack/react-router'
import { ChevronsUpDown } from 'lucide-react'
import { useMe } from '../features/people/me.ts'
import { chooseWorkspace, useWorkspace } from '../features/workspaces/current-workspace.ts'
import { t } from '../strings/index.ts'
import { Menu, MenuChoice } from '../ui/menu.tsx'

/** The name of the app while there is one workspace; a choice as soon as there are more. */
export function WorkspaceSwitch() {
  const { workspaces } = useMe()
  const current = useWorkspace()
  const navigate = useNavigate()
  if (workspaces.length < 2) return <span className="sidebar-name">{t('app.name')}</span>
  return (
    <Menu
      trigger={
        <button type="button" className="sidebar-name" aria-label={t('shell.workspace.switch', { name: current.name })}>
          <span className="sidebar-name-text">{current.name}</span>
          <ChevronsUpDown size={16} strokeWidth={1.75} aria-hidden />
        </button>
      }
    >
      <MenuChoice
        label={t('shell.workspace')}
        value={current.id as string}
        onChange={(id) => {
          if (id === current.id) return
          chooseWorkspace(id)
          void navigate({ to: '/' })
        }}
        options={workspaces.map((one) => ({
          value: one.id,
          label: one.name,
          detail: one.kind === 'personal' ? t('shell.workspace.personal') : t('shell.workspace.team'),
        }))}
      />
    </Menu>
  )
}
