import { useQueryClient } from '@tanstack/react-query'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { showToast } from '../../ui/toast.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { checkNewCredentials } from './credentials.ts'
import { useMe } from './me.ts'
import { PasswordField } from './password-field.tsx'
import { p } from './strings.ts'
import { useSaveMe } from './use-save-me.ts'

export function AccountSettings() {
  const me = useMe()
  const client = useQueryClient()
  const saveMe = useSaveMe()
  const form = useForm({
    initial: { email: me.hasPassword ? me.email : '', password: '', currentPassword: '' },
    check: (values) => ({
      ...checkNewCredentials(values),
      ...(me.hasPassword && values.currentPassword === '' ? { currentPassword: p('account.missing_current') } : {}),
    }),
    submit: async ({ email, password, currentPassword }) => {
      saveMe(await api.people.setCredentials({ email, password, ...(me.hasPassword ? { currentPassword } : {}) }))
      void client.invalidateQueries({ queryKey: query.people.listSessions.key() })
      showToast({ title: p('account.done') })
    },
  })

  return (
    <SettingsPage title={t('settings.account')} intro={p(me.hasPassword ? 'account.intro' : 'account.first')}>
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextField
          label={p('account.email')}
          type="email"
          autoComplete="username"
          value={form.values.email}
          onChange={(email) => form.set({ email })}
          error={form.errorOf('email')}
        />
        {me.hasPassword && (
          <PasswordField
            label={p('account.current')}
            help={p('account.current.help')}
            autoComplete="current-password"
            value={form.values.currentPassword}
            onChange={(currentPassword) => form.set({ currentPassword })}
            error={form.errorOf('currentPassword')}
          />
        )}
        <PasswordField
          label={p('account.password')}
          help={p('account.password.help')}
          autoComplete="new-password"
          value={form.values.password}
          onChange={(password) => form.set({ password })}
          error={form.errorOf('password')}
        />
        {me.hasPassword && <p className="settings-intro">{p('account.others')}</p>}
        <FormFooter form={form} label={p(me.hasPassword ? 'account.submit' : 'account.submit.first')} />
      </form>
    </SettingsPage>
  )
}
