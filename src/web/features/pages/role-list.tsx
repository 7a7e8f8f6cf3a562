import { useQuery, useQueryClient } from '@tanstack/react-query'
import { pageRoles } from '../../../contract/page-choices.ts'
import type { Page, PageRole } from '../../../contract/pages.ts'
import { api, query } from '../../api.ts'
import { RoleList as Roles, type RoleWords } from '../../ui/role-list.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { s } from './strings.ts'

const options = pageRoles.map((value) => ({ value, label: s(`roles.${value}`) }))
const words: RoleWords<PageRole['role']> = {
  roleOf: (name) => s('roles.role_of', { name }),
  remove: (name) => s('roles.remove', { name }),
  changed: (name, role) => s('roles.changed', { name, role: s(`roles.${role}`) }),
  removed: (name) => s('roles.removed', { name }),
  failed: s('roles.failed'),
  email: s('roles.email'),
  emailMissing: s('roles.email.missing'),
  role: s('roles.role'),
  add: s('roles.add'),
}

export function RoleList({ pageId }: { pageId: Page['id'] }) {
  const client = useQueryClient()
  return (
    <SettingsSection title={s('roles.title')} intro={s('roles.intro')}>
      <Roles
        holders={useQuery(query.pageRoles.list.queryOptions({ input: { pageId } }))}
        options={options}
        usual="page editor"
        words={words}
        grant={(email, role) => api.pageRoles.grant({ pageId, email, role })}
        revoke={(userId) => api.pageRoles.revoke({ pageId, userId })}
        refresh={() => client.invalidateQueries({ queryKey: query.pageRoles.key() })}
      />
    </SettingsSection>
  )
}
