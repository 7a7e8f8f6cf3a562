import type { FormState } from '../../ui/form.tsx'
import { t } from '../../strings/index.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import type { AuthKind, AuthValues } from './auth-form.ts'
import { c } from './strings.ts'

const kinds = ['none', 'api_key', 'bearer', 'basic', 'oauth_client_credentials'] as const

/** `isKept`: there are credentials that may stay as they are. */
export function AuthFields<Values extends AuthValues>({ form, isKept }: { form: FormState<Values>; isKept: boolean }) {
  const { values, errorOf } = form
  const set = (patch: Partial<AuthValues>) => form.set(patch as Partial<Values>)
  const offered: AuthKind[] = isKept ? ['kept', ...kinds] : [...kinds]
  const text = (field: 'keyName' | 'username' | 'tokenUrl' | 'clientId', label: string) => (
    <TextField
      label={label}
      autoComplete="off"
      spellCheck={false}
      value={values[field]}
      onChange={(value) => set({ [field]: value })}
      error={errorOf(field)}
    />
  )
  const secret = (label: string) => (
    <TextField
      label={label}
      help={c('auth.help')}
      type="password"
      // No password of this site: password managers should neither offer nor keep one here.
      autoComplete="new-password"
      data-1p-ignore
      data-lpignore="true"
      className="mono"
      maxLength={4096}
      value={values.secret}
      onChange={(value) => set({ secret: value })}
      error={errorOf('secret')}
    />
  )
  return (
    <>
      <SelectField
        label={c('auth')}
        value={values.authKind}
        onChange={(authKind) => set({ authKind })}
        error={errorOf('authKind')}
        options={offered.map((value) => ({ value, label: c(`auth.${value}`) }))}
      />
      {values.authKind === 'api_key' && (
        <>
          <SelectField
            label={c('auth.place')}
            value={values.keyPlace}
            onChange={(keyPlace) => set({ keyPlace })}
            options={[
              { value: 'header', label: c('auth.place.header') },
              { value: 'query', label: c('auth.place.query') },
            ]}
          />
          {text('keyName', c('auth.key.name'))}
          {secret(c('auth.key'))}
        </>
      )}
      {values.authKind === 'bearer' && secret(c('auth.token'))}
      {values.authKind === 'basic' && (
        <>
          {text('username', c('auth.username'))}
          {secret(c('auth.password'))}
        </>
      )}
      {values.authKind === 'oauth_client_credentials' && (
        <>
          {text('tokenUrl', c('auth.token_url'))}
          {text('clientId', c('auth.client_id'))}
          {secret(c('auth.client_secret'))}
          <TextField
            label={c('auth.scope')}
            hint={t('ui.optional')}
            autoComplete="off"
            value={values.scope}
            onChange={(scope) => set({ scope })}
          />
        </>
      )}
    </>
  )
}
