import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck, Plus, TriangleAlert, X } from 'lucide-react'
import { useState } from 'react'
import type { Connection } from '../../../contract/models.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, RadioCards, TextField } from '../../ui/field.tsx'
import { type FormState, FormSummary, useForm } from '../../ui/form.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Notice } from '../../ui/states.tsx'
import { can, useMe } from '../people/me.ts'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import './connection-dialog.css'
import { checkConnection, type ConnectionValues, emptyValues, headersOf, needsKeyAgain, valuesOf } from './connection-form.ts'
import { addableProviders, providers } from './providers.ts'
import { c } from './strings.ts'

/** Adds or edits. The server tests against the provider before it keeps anything; until it answers, this says what is going on. */
export function ConnectionDialog({ connection, onClose }: { connection: Connection | null; onClose: () => void }) {
  const client = useQueryClient()
  const workspace = useWorkspace()
  const [saved, setSaved] = useState<Connection | null>(null)
  const form = useForm({
    initial: connection ? valuesOf(connection) : emptyValues('own'),
    check: (values) => checkConnection(values, connection),
    submit: async (values) => {
      setSaved(connection ? await update(connection, values) : await create(values))
      void client.invalidateQueries({ queryKey: query.connections.key() })
      void client.invalidateQueries({ queryKey: query.models.key() })
    },
  })

  const create = ({ provider, ownership, name, apiKey, baseUrl, isDefault, ...values }: ConnectionValues) =>
    api.connections.create({
      workspaceId: workspace.id,
      provider,
      ownership,
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      apiKey: apiKey.trim() || null,
      baseUrl: baseUrl.trim() || null,
      headers: Object.fromEntries(headersOf({ ...emptyValues(ownership), ...values })),
      isDefault,
    })

  const update = (before: Connection, values: ConnectionValues) => {
    const headers = headersOf(values)
    return api.connections.update({
      id: before.id,
      ...(values.name.trim() === '' || values.name.trim() === before.name ? {} : { name: values.name.trim() }),
      ...(values.apiKey.trim() === '' ? {} : { apiKey: values.apiKey.trim() }),
      ...(values.baseUrl.trim() === (before.baseUrl ?? '') ? {} : { baseUrl: values.baseUrl.trim() || null }),
      ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
      ...(values.isDefault === before.isDefault ? {} : { isDefault: values.isDefault }),
    })
  }

  const title = connection ? c('form.edit', { name: connection.name }) : c('form.new')
  if (saved) {
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={title}
        footer={
          <>
            <Link to="/settings/models" className="button" data-variant="secondary" onClick={onClose}>
              {c('form.choose_model')}
            </Link>
            <Button variant="primary" onClick={onClose}>
              {c('form.done')}
            </Button>
          </>
        }
      >
        <Outcome connection={saved} />
      </Dialog>
    )
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} width="m">
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <ConnectionFields form={form} connection={connection} />
        <div className="dialog-footer">
          <p className="connection-testing" role="status">
            {form.isPending && c('form.testing', { provider: c(`provider.${form.values.provider}`) })}
          </p>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {c(connection ? 'form.submit.edit' : 'form.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function Outcome({ connection }: { connection: Connection }) {
  if (connection.status === 'error') {
    return (
      <Notice tone="warning" icon={TriangleAlert} isAlert>
        {c('form.saved')} {connection.statusReason ?? c('test.failed', { name: connection.name })}
      </Notice>
    )
  }
  return (
    <Notice tone="success" icon={CircleCheck} isAlert>
      {connection.modelCount === 0 ? c('form.found.none') : c('form.found', { count: connection.modelCount })}
    </Notice>
  )
}

function ConnectionFields({ form, connection }: { form: FormState<ConnectionValues>; connection: Connection | null }) {
  const { access } = useMe()
  const workspace = useWorkspace()
  const { values, set, errorOf } = form
  const traits = providers[values.provider]
  const owners = [
    { value: 'own' as const, label: c('form.ownership.own'), detail: c('form.ownership.own.detail') },
    ...(can(access, 'connection', 'create', workspace.id) && workspace.kind === 'team'
      ? [
          {
            value: 'workspace' as const,
            label: c('form.ownership.workspace'),
            detail: c('form.ownership.workspace.detail', { name: workspace.name }),
          },
        ]
      : []),
    ...(can(access, 'connection', 'create')
      ? [{ value: 'house' as const, label: c('form.ownership.house'), detail: c('form.ownership.house.detail') }]
      : []),
  ]

  const url = (
    <TextField
      label={c('form.url')}
      help={c(
        values.provider === 'openai-compatible'
          ? 'form.url.compatible'
          : values.provider === 'ollama'
            ? 'form.url.ollama'
            : 'form.url.other',
      )}
      {...(traits.url === 'required' ? {} : { hint: t('ui.optional') })}
      type="url"
      inputMode="url"
      autoComplete="off"
      spellCheck={false}
      maxLength={2048}
      placeholder={values.provider === 'ollama' ? 'http://localhost:11434' : 'https://'}
      value={values.baseUrl}
      onChange={(baseUrl) => set({ baseUrl })}
      error={errorOf('baseUrl')}
    />
  )

  const key = traits.key !== 'none' && (
    <TextField
      label={c('form.key')}
      help={
        connection?.keyLast4 && !needsKeyAgain(values, connection)
          ? c('form.key.keep', { last4: connection.keyLast4 })
          : traits.keyPage
            ? c('form.key.help', { where: traits.keyPage })
            : c('form.key.optional')
      }
      {...(traits.key === 'optional' ? { hint: t('ui.optional') } : {})}
      type="password"
      // A key is no password of this site: password managers should neither offer nor keep one here.
      autoComplete="new-password"
      data-1p-ignore
      data-lpignore="true"
      spellCheck={false}
      maxLength={512}
      className="mono"
      value={values.apiKey}
      onChange={(apiKey) => set({ apiKey })}
      error={errorOf('apiKey')}
    />
  )

  return (
    <>
      {!connection && (
        <RadioCards
          label={c('form.provider')}
          value={values.provider}
          onChange={(provider) => set({ provider })}
          options={addableProviders.map((provider) => ({
            value: provider,
            label: c(`provider.${provider}`),
            detail: c(`provider.${provider}.detail`),
          }))}
        />
      )}
      {traits.url !== 'rare' && url}
      {key}
      {!connection && owners.length > 1 && (
        <RadioCards label={c('form.ownership')} value={values.ownership} onChange={(ownership) => set({ ownership })} options={owners} />
      )}
      <TextField
        label={c('form.name')}
        help={connection ? undefined : c('form.name.help')}
        {...(connection ? {} : { hint: t('ui.optional') })}
        maxLength={100}
        autoComplete="off"
        value={values.name}
        onChange={(name) => set({ name })}
        error={errorOf('name')}
      />
      <Checkbox label={c('form.default')} isChecked={values.isDefault} onChange={(isDefault) => set({ isDefault })} />
      <details
        className="disclosure"
        open={errorOf('headers') !== undefined || (traits.url === 'rare' && errorOf('baseUrl') !== undefined) || undefined}
      >
        <summary>{traits.url === 'rare' ? c('form.advanced') : c('form.headers')}</summary>
        <div className="form">
          {traits.url === 'rare' && url}
          <HeaderFields form={form} kept={connection?.headerNames ?? []} />
        </div>
      </details>
    </>
  )
}

function HeaderFields({ form, kept }: { form: FormState<ConnectionValues>; kept: readonly string[] }) {
  const { headers } = form.values
  const change = (index: number, patch: Partial<ConnectionValues['headers'][number]>) =>
    form.set({ headers: headers.map((row, at) => (at === index ? { ...row, ...patch } : row)) })

  return (
    <fieldset className="fieldset">
      <legend className="field-label">{c('form.headers')}</legend>
      <p className="field-help">{c('form.headers.help')}</p>
      {kept.length > 0 && <p className="field-help">{c('form.headers.kept', { names: kept.join(', ') })}</p>}
      {headers.map((row, index) => (
        // Rows have no identity but their place.
        <div className="header-row" key={index}>
          <input
            className="input mono"
            aria-label={c('form.headers.name')}
            placeholder="X-Team"
            value={row.name}
            onChange={(event) => change(index, { name: event.target.value })}
          />
          <input
            className="input mono"
            aria-label={c('form.headers.value')}
            type="password"
            autoComplete="new-password"
            value={row.value}
            onChange={(event) => change(index, { value: event.target.value })}
          />
          <IconButton
            icon={X}
            label={c('form.headers.remove', { name: row.name })}
            onClick={() => form.set({ headers: headers.filter((_, at) => at !== index) })}
          />
        </div>
      ))}
      {form.errorOf('headers') && (
        <Notice tone="danger" icon={TriangleAlert} isAlert>
          {form.errorOf('headers')}
        </Notice>
      )}
      <div>
        <Button size="s" icon={Plus} onClick={() => form.set({ headers: [...headers, { name: '', value: '' }] })}>
          {c('form.headers.add')}
        </Button>
      </div>
    </fieldset>
  )
}
