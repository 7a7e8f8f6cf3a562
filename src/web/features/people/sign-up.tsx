import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { api, query } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { Notice } from '../../ui/states.tsx'
import { useArrive } from './arrive.ts'
import { checkNewCredentials } from './credentials.ts'
import { EntryPage } from './entry-page.tsx'
import { PasswordField } from './password-field.tsx'
import { p } from './strings.ts'

export function SignUp() {
  const { next } = useSearch({ from: '/sign-up' })
  const arrive = useArrive()
  const about = useQuery(query.system.about.queryOptions())
  const form = useForm({
    initial: { name: '', email: '', password: '' },
    check: (values) => ({ ...(values.name.trim() === '' ? { name: p('sign_up.missing_name') } : {}), ...checkNewCredentials(values) }),
    submit: async (values) => arrive(await api.people.signUp(values), next),
  })
  const signIn = (
    <Link to="/sign-in" search={next === undefined ? {} : { next }}>
      {p('sign_up.sign_in')}
    </Link>
  )

  if (about.data && (about.data.signUp !== 'open' || !about.data.hasUsers)) {
    return (
      <EntryPage title={p('sign_up.closed.title')} foot={signIn}>
        <Notice>{about.data.hasUsers ? p('sign_up.closed.text') : p('sign_in.first')}</Notice>
      </EntryPage>
    )
  }

  return (
    <EntryPage
      title={p('sign_up.title')}
      foot={
        <>
          {p('sign_up.has_account')} {signIn}
        </>
      }
    >
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextField
          label={p('sign_up.name')}
          help={p('sign_up.name.help')}
          autoComplete="name"
          autoFocus
          maxLength={100}
          value={form.values.name}
          onChange={(name) => form.set({ name })}
          error={form.errorOf('name')}
        />
        <TextField
          label={p('sign_in.email')}
          type="email"
          autoComplete="username"
          value={form.values.email}
          onChange={(email) => form.set({ email })}
          error={form.errorOf('email')}
        />
        <PasswordField
          label={p('sign_in.password')}
          help={p('sign_up.password.help')}
          autoComplete="new-password"
          value={form.values.password}
          onChange={(password) => form.set({ password })}
          error={form.errorOf('password')}
        />
        <Button type="submit" variant="primary" isPending={form.isPending}>
          {p('sign_up.submit')}
        </Button>
      </form>
    </EntryPage>
  )
}
