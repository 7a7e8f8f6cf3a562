import { useQueryClient } from '@tanstack/react-query'
import { ShieldAlert } from 'lucide-react'
import type { CustomTool } from '../../../contract/custom-tools.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { type FormState, FormSummary, useForm } from '../../ui/form.tsx'
import { Notice } from '../../ui/states.tsx'
import { showToast } from '../../ui/toast.tsx'
import { can, useMe } from '../people/me.ts'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { checkDatabase, type DatabaseConfiguration, type DatabaseValues, databaseValues, toTarget, usualPort } from './database-form.ts'
import { c } from './strings.ts'
import './tools.css'

/** Adds or edits. The server asks the database before it keeps anything. */
export function DatabaseDialog({
  tool,
  configuration,
  onClose,
}: {
  tool: CustomTool | null
  configuration: DatabaseConfiguration | null
  onClose: () => void
}) {
  const client = useQueryClient()
  const workspace = useWorkspace()
  const form = useForm({
    initial: databaseValues(tool, configuration),
    check: (values) => checkDatabase(values, configuration),
    submit: async (values) => {
      const texts = { name: values.name.trim(), description: values.description.trim() }
      const target = toTarget(values)
      const maxRows = Number(values.maxRows)
      const password = values.password === '' ? undefined : values.password
      if (tool) {
        const changed = { kind: 'database' as const, target, maxRows, ...(password !== undefined && { password }) }
        await api.customTools.update({ id: tool.id, ...texts, configuration: changed })
      } else {
        const made = { kind: 'database' as const, target, maxRows, ...(password !== undefined && { password }) }
        await api.customTools.create({ workspaceId: workspace.id, ...texts, configuration: made })
      }
      await client.invalidateQueries({ queryKey: query.customTools.key() })
      showToast({ title: c(tool ? 'saved' : 'added', { name: texts.name }) })
      onClose()
    },
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={tool ? c('database.edit', { name: tool.name }) : c('database.new')}
      width="m"
    >
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <Notice tone="plain" icon={ShieldAlert}>
          {c('database.readonly')}
        </Notice>
        <DatabaseFields form={form} before={configuration} />
        <div className="dialog-footer">
          <p className="tool-progress" role="status">
            {form.isPending && c('database.testing')}
          </p>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {c(tool ? 'database.save' : 'database.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function DatabaseFields({ form, before }: { form: FormState<DatabaseValues>; before: DatabaseConfiguration | null }) {
  const { access } = useMe()
  const { values, set, errorOf } = form
  const engines = (['postgresql', 'mysql', 'sqlite'] as const).filter(
    (engine) => engine !== 'sqlite' || can(access, 'system', 'update') || before?.target.engine === 'sqlite',
  )
  const text = (
    field: 'name' | 'description' | 'host' | 'port' | 'database' | 'user' | 'path' | 'maxRows',
    label: string,
    more: object = {},
  ) => (
    <TextField
      label={label}
      autoComplete="off"
      spellCheck={false}
      value={values[field]}
      onChange={(value) => set({ [field]: value })}
      error={errorOf(field)}
      {...more}
    />
  )
  return (
    <>
      {text('name', c('api.name'), { maxLength: 100 })}
      {text('description', c('api.description'), { maxLength: 500, hint: t('ui.optional'), help: c('api.description.help') })}
      <SelectField
        label={c('database.engine')}
        value={values.engine}
        disabled={before !== null}
        onChange={(engine) => set({ engine, port: usualPort[engine] })}
        options={engines.map((value) => ({ value, label: c(`database.engine.${value}`) }))}
      />
      {values.engine === 'sqlite' ? (
        text('path', c('database.path'), { maxLength: 500, className: 'mono', help: c('database.path.help') })
      ) : (
        <>
          <div className="host-row">
            {text('host', c('database.host'), { maxLength: 253 })}
            {text('port', c('database.port'), { maxLength: 5, inputMode: 'numeric' })}
          </div>
          <p className="field-help">{c('database.host.help')}</p>
          {text('database', c('database.database'), { maxLength: 128 })}
          {text('user', c('database.user'), { maxLength: 128 })}
          <TextField
            label={c('database.password')}
            help={before?.hasPassword ? c('database.password.keep') : c('auth.help')}
            type="password"
            autoComplete="new-password"
            data-1p-ignore
            data-lpignore="true"
            maxLength={1024}
            value={values.password}
            onChange={(password) => set({ password })}
            error={errorOf('password')}
          />
          <SelectField
            label={c('database.tls')}
            value={values.tls}
            onChange={(tls) => set({ tls })}
            options={(['verify', 'require', 'off'] as const).map((value) => ({ value, label: c(`database.tls.${value}`) }))}
          />
        </>
      )}
      {text('maxRows', c('database.rows'), { maxLength: 4, inputMode: 'numeric' })}
    </>
  )
}
