import { useId } from 'react'
import { t } from '../../strings/index.ts'
import { TextField } from '../../ui/field.tsx'
import type { FormState } from '../../ui/form.tsx'
import { AuthFields } from './auth-fields.tsx'
import type { AuthValues } from './auth-form.ts'
import { c } from './strings.ts'

interface ApiValues extends AuthValues {
  name: string
  description: string
  baseUrl: string
}

/** What is said of an API, and how one signs in there. `servers`: addresses that its description names. `isKept`: there are credentials that may stay as they are. */
export function ApiFields<Values extends ApiValues>(props: { form: FormState<Values>; servers?: readonly string[]; isKept: boolean }) {
  const { form, servers = [], isKept } = props
  const listId = useId()
  const { values, errorOf } = form
  const set = (patch: Partial<ApiValues>) => form.set(patch as Partial<Values>)
  return (
    <>
      <TextField
        label={c('api.name')}
        maxLength={100}
        autoComplete="off"
        value={values.name}
        onChange={(name) => set({ name })}
        error={errorOf('name')}
      />
      <TextField
        label={c('api.description')}
        hint={t('ui.optional')}
        help={c('api.description.help')}
        maxLength={500}
        autoComplete="off"
        value={values.description}
        onChange={(description) => set({ description })}
      />
      <TextField
        label={c('api.base')}
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        maxLength={2048}
        {...(servers.length > 0 && { list: listId })}
        value={values.baseUrl}
        onChange={(baseUrl) => set({ baseUrl })}
        error={errorOf('baseUrl')}
      />
      <datalist id={listId}>
        {servers.map((server) => (
          <option key={server} value={server} />
        ))}
      </datalist>
      <AuthFields form={form} isKept={isKept} />
    </>
  )
}
