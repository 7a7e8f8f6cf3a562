import { useQuery, useQueryClient } from '@tanstack/react-query'
import { UserRound, X } from 'lucide-react'
import { pageRoles } from '../../../contract/page-choices.ts'
import type { Page, PageRole } from '../../../contract/pages.ts'
import { api, query } from '../../api.ts'
import { Select, SelectField, TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { s } from './strings.ts'

const options = pageRoles.map((value) => ({ value, label: s(`roles.${value}`) }))

export function RoleList({ pageId }: { pageId: Page['id'] }) {
  const client = useQueryClient()
  const roles = useQuery(query.pageRoles.list.queryOptions({ input: { pageId } }))
  const refresh = () => client.invalidateQueries({ queryKey: query.pageRoles.key() })

  async function change({ name, email }: PageRole, role: PageRole['role']) {
    try {
      await api.pageRoles.grant({ pageId, email, role })
      showToast({ title: s('roles.changed', { name, role: s(`roles.${role}`) }) })
    } catch (error) {
      showError(error, s('roles.failed'))
    }
    await refresh()
  }

  async function revoke({ name, userId }: PageRole) {
    try {
      await api.pageRoles.revoke({ pageId, userId })
      showToast({ title: s('roles.removed', { name }) })
    } catch (error) {
      showError(error, s('roles.failed'))
    }
    await refresh()
  }

  return (
    <SettingsSection title={s('roles.title')} intro={s('roles.intro')}>
      {roles.isPending && <RowListSkeleton rows={1} />}
      {roles.isError && !roles.data && <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />}
      {roles.data && roles.data.length > 0 && (
        <RowList
          rows={roles.data.map((one) => ({
            key: one.userId,
            icon: UserRound,
            title: one.name,
            detail: one.email,
            actions: (
              <>
                <Select
                  aria-label={s('roles.role_of', { name: one.name })}
                  value={one.role}
                  onChange={(role) => void change(one, role)}
                  options={options}
                />
                <IconButton icon={X} size="s" label={s('roles.remove', { name: one.name })} onClick={() => void revoke(one)} />
              </>
            ),
          }))}
        />
      )}
      <GrantRole pageId={pageId} onGranted={refresh} />
    </SettingsSection>
  )
}

function GrantRole({ pageId, onGranted }: { pageId: Page['id']; onGranted: () => Promise<void> }) {
  const form = useForm<{ email: string; role: PageRole['role'] }>({
    initial: { email: '', role: 'page editor' },
    check: ({ email }) => (email.trim() === '' ? { email: s('roles.email.missing') } : {}),
    submit: async ({ email, role }) => {
      const granted = await api.pageRoles.grant({ pageId, email, role })
      showToast({ title: s('roles.changed', { name: granted.name, role: s(`roles.${role}`) }) })
      await onGranted()
    },
  })
  return (
    <form className="form" noValidate onSubmit={form.onSubmit}>
      <FormSummary form={form} />
      <div className="form-row">
        <TextField
          label={s('roles.email')}
          type="email"
          inputMode="email"
          autoComplete="off"
          maxLength={254}
          value={form.values.email}
          onChange={(email) => form.set({ email })}
          error={form.errorOf('email')}
        />
        <SelectField label={s('roles.role')} value={form.values.role} onChange={(role) => form.set({ role })} options={options} />
      </div>
      <FormFooter form={form} label={s('roles.add')} />
    </form>
  )
}
