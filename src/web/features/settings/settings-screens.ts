import type { LucideIcon } from 'lucide-react'
import {
  AppWindow,
  Blocks,
  ChartNoAxesColumn,
  Cpu,
  DatabaseZap,
  KeyRound,
  Laptop,
  Link2,
  ArrowDownUp,
  Mail,
  NotebookPen,
  MessagesSquare,
  Palette,
  PanelTop,
  Plug,
  ShieldCheck,
  SlidersHorizontal,
  UserRound,
  UsersRound,
  Wrench,
} from 'lucide-react'
import type { Me } from '../../../contract/people.ts'
import { t } from '../../strings/index.ts'
import { can } from '../people/me.ts'

export interface SettingsScreen {
  to:
    | '/settings/profile'
    | '/settings/appearance'
    | '/settings/account'
    | '/settings/sessions'
    | '/settings/api-keys'
    | '/settings/apps'
    | '/settings/memory'
    | '/settings/shares'
    | '/settings/data'
    | '/settings/connections'
    | '/settings/custom-tools'
    | '/settings/guardrails'
    | '/settings/models'
    | '/settings/workspace'
    | '/settings/channels'
    | '/settings/tool-servers'
    | '/settings/usage'
    | '/settings/page'
    | '/settings/people'
    | '/settings/addons'
  label: string
  icon: LucideIcon
}

export interface SettingsSection {
  label: string
  screens: SettingsScreen[]
}

/** The screens this person has, in their order. What their role does not allow is not offered. */
export function settingsScreens(me: Me, workspaceId: string): SettingsSection[] {
  const sections: SettingsSection[] = [
    {
      label: t('settings.you'),
      screens: [
        { to: '/settings/profile', label: t('settings.profile'), icon: UserRound },
        { to: '/settings/appearance', label: t('settings.appearance'), icon: Palette },
        { to: '/settings/account', label: t('settings.account'), icon: Mail },
        { to: '/settings/sessions', label: t('settings.sessions'), icon: Laptop },
        { to: '/settings/api-keys', label: t('settings.api-keys'), icon: KeyRound },
        { to: '/settings/apps', label: t('settings.apps'), icon: AppWindow },
        { to: '/settings/memory', label: t('settings.memory'), icon: NotebookPen },
        { to: '/settings/shares', label: t('settings.shares'), icon: Link2 },
        { to: '/settings/data', label: t('settings.data'), icon: ArrowDownUp },
      ],
    },
    {
      label: t('settings.workspace'),
      screens: [
        { to: '/settings/connections', label: t('settings.connections'), icon: Plug },
        { to: '/settings/models', label: t('settings.models'), icon: Cpu },
        ...(can(me.access, 'mcp-server', 'read', workspaceId)
          ? [{ to: '/settings/tool-servers', label: t('settings.tool-servers'), icon: Wrench } as const]
          : []),
        { to: '/settings/custom-tools', label: t('settings.custom-tools'), icon: DatabaseZap },
        { to: '/settings/guardrails', label: t('settings.guardrails'), icon: ShieldCheck },
        ...(can(me.access, 'workspace', 'read', workspaceId)
          ? [{ to: '/settings/workspace', label: t('settings.workspace.defaults'), icon: SlidersHorizontal } as const]
          : []),
        ...(can(me.access, 'installation', 'create', workspaceId)
          ? [{ to: '/settings/channels', label: t('settings.channels'), icon: MessagesSquare } as const]
          : []),
        ...(can(me.access, 'usage', 'read', workspaceId)
          ? [{ to: '/settings/usage', label: t('settings.usage'), icon: ChartNoAxesColumn } as const]
          : []),
        ...(can(me.access, 'page', 'read', workspaceId) || Object.keys(me.access.pages).length > 0
          ? [{ to: '/settings/page', label: t('settings.page'), icon: PanelTop } as const]
          : []),
      ],
    },
  ]
  const ofServer: SettingsScreen[] = [
    ...(can(me.access, 'user', 'read') ? [{ to: '/settings/people', label: t('settings.people'), icon: UsersRound } as const] : []),
    ...(can(me.access, 'system', 'read') ? [{ to: '/settings/addons', label: t('settings.addons'), icon: Blocks } as const] : []),
  ]
  if (ofServer.length > 0) sections.push({ label: t('settings.server'), screens: ofServer })
  return sections
}
