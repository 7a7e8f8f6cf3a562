import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useEffect } from 'react'
import { api, query } from '../../api.ts'
import { forgetPerson } from '../../query-client.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { Notice } from '../../ui/states.tsx'
import { useArrive } from './arrive.ts'
import { EntryPage } from './entry-page.tsx'
import { PasswordField } from './password-field.tsx'
import { p } from './strings.ts'

export function SignIn() {
  const { next } = useSearch({ from: '/sign-in' })
  const arrive = useArrive()
  const about = useQuery(query.system.about.queryOptions())
  const form = useForm({
    initial: { email: '', password: '' },
    check: ({ email, password }) => ({
      ...(email.trim() === '' ? { email: p('sign_in.missing_email') } : {}),
      ...(password === '' ? { password: p('sign_in.missing_password') } : {}),
    }),
    submit: async (values) => arrive(await api.people.signIn(values), next),
  })
  // By now the screens are gone that could not be drawn without the person they were about.
  useEffect(forgetPerson, [])
  const isOpen = about.data?.hasUsers === true && about.data.signUp === 'open'

  return (
    <EntryPage
      title={p('sign_in.title', { name: about.data?.name ?? t('app.name') })}
      foot={
        isOpen ? (
          <>
            {p('sign_in.no_account')}{' '}
            <Link to="/sign-up" search={next === undefined ? {} : { next }}>
              {p('sign_in.sign_up')}
            </Link>
          </>
        ) : about.data?.hasUsers ? (
          p('sign_in.closed')
        ) : undefined
      }
    >
      {about.data?.hasUsers === false && <Notice icon={KeyRound}>{p('sign_in.first')}</Notice>}
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextField
          label={p('sign_in.email')}
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          value={form.values.email}
          onChange={(email) => form.set({ email })}
          error={form.errorOf('email')}
        />
        <PasswordField
          label={p('sign_in.password')}
          autoComplete="current-password"
          value={form.values.password}
          onChange={(password) => form.set({ password })}
          error={form.errorOf('password')}
        />
        <Button type="submit" variant="primary" isPending={form.isPending}>
          {p('sign_in.submit')}
        </Button>
      </form>
    </EntryPage>
  )
}
