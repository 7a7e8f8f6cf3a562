import { useQueryClient } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { appScopes } from '../../../contract/app-choices.ts'
import type { ApiKey } from '../../../contract/people.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, Field, SelectField, TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { Notice } from '../../ui/states.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { useMe } from './me.ts'
import './new-api-key-dialog.css'
import { p } from './strings.ts'

type Scope = ApiKey['scopes'][number]

const narrowScopes = ['conversation:read', 'conversation:create', 'turn:create', 'model:use', 'usage:read', ...appScopes] as const
const lifetimes = ['30', '90', '365', 'never'] as const

export function NewApiKeyDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const { workspaces } = useMe()
  const workspace = useWorkspace()
  const [secret, setSecret] = useState<string | null>(null)
  const form = useForm({
    initial: { name: '', scopes: ['*'] as Scope[], lifetime: '90' as (typeof lifetimes)[number], workspaceId: workspace.id as string },
    check: ({ name, scopes }) => ({
      ...(name.trim() === '' ? { name: p('keys.name.missing') } : {}),
      ...(scopes.length === 0 ? { scopes: p('keys.scopes.missing') } : {}),
    }),
    submit: async ({ name, scopes, lifetime, workspaceId }) => {
      const owner = workspaces.find((one) => one.id === workspaceId) ?? workspace
      const made = await api.people.createApiKey({
        name,
        scopes,
        expiresInDays: lifetime === 'never' ? null : Number(lifetime),
        workspaceId: owner.id,
      })
      client.setQueryData(query.people.listApiKeys.queryKey(), (all) => [made.apiKey, ...(all ?? [])])
      setSecret(made.secret)
    },
  })
  const { name, scopes, lifetime, workspaceId } = form.values
  const mayAll = scopes.includes('*')

  function toggle(scope: Scope, isChecked: boolean) {
    form.set({ scopes: isChecked ? [...scopes, scope] : scopes.filter((one) => one !== scope) })
  }

  if (secret !== null) {
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={p('keys.made.title')}
        description={p('keys.made.text')}
        footer={
          <Button variant="primary" onClick={onClose}>
            {p('keys.made.done')}
          </Button>
        }
      >
        <Field label={p('keys.made.label')}>
          {(wiring) => (
            <div className="secret">
              <input {...wiring} className="input mono" readOnly value={secret} onFocus={(event) => event.target.select()} />
              <CopyButton text={secret} />
            </div>
          )}
        </Field>
      </Dialog>
    )
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={p('keys.new')}>
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextField
          label={p('keys.name')}
          help={p('keys.name.help')}
          value={name}
          maxLength={100}
          autoComplete="off"
          onChange={(value) => form.set({ name: value })}
          error={form.errorOf('name')}
        />
        <fieldset className="fieldset">
          <legend className="field-label">{p('keys.scopes')}</legend>
          <Checkbox
            label={p('keys.scope.all')}
            help={p('keys.scope.all.help')}
            isChecked={mayAll}
            onChange={(isChecked) => form.set({ scopes: isChecked ? ['*'] : ['turn:create', 'model:use'] })}
          />
          {narrowScopes.map((scope) => (
            <Checkbox
              key={scope}
              label={p(`keys.scope.${scope}`)}
              isChecked={mayAll || scopes.includes(scope)}
              isDisabled={mayAll}
              onChange={(isChecked) => toggle(scope, isChecked)}
            />
          ))}
          {form.errorOf('scopes') && (
            <Notice tone="danger" icon={TriangleAlert} isAlert>
              {form.errorOf('scopes')}
            </Notice>
          )}
        </fieldset>
        <SelectField
          label={p('keys.expires')}
          value={lifetime}
          onChange={(value) => form.set({ lifetime: value })}
          options={lifetimes.map((value) => ({ value, label: p(`keys.expires.${value}`) }))}
        />
        {workspaces.length > 1 && (
          <SelectField
            label={p('keys.workspace')}
            help={p('keys.workspace.help')}
            value={workspaceId}
            onChange={(value) => form.set({ workspaceId: value })}
            options={workspaces.map((one) => ({ value: one.id, label: one.name }))}
          />
        )}
        <div className="dialog-footer">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {p('keys.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
