import { useQueryClient } from '@tanstack/react-query'
import type { CustomTool, CustomToolConfiguration } from '../../../contract/custom-tools.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { showToast } from '../../ui/toast.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { isHttpUrl } from './auth-form.ts'
import { c } from './strings.ts'
import './tools.css'

type Search = Extract<CustomToolConfiguration, { kind: 'web_search' }>

/** Adds or edits the workspace's search of the web. */
export function SearchDialog({
  tool,
  configuration,
  onClose,
}: {
  tool: CustomTool | null
  configuration: Search | null
  onClose: () => void
}) {
  const client = useQueryClient()
  const workspace = useWorkspace()
  const form = useForm({
    initial: {
      provider: configuration?.provider ?? ('brave' as const),
      key: '',
      baseUrl: configuration?.provider === 'searxng' ? configuration.baseUrl : '',
    },
    check: ({ provider, key, baseUrl }): { key?: string; baseUrl?: string } => {
      if (provider === 'searxng') return isHttpUrl(baseUrl) ? {} : { baseUrl: c('url.bad') }
      const isKept = configuration?.hasKey === true && configuration.provider === provider
      return key.trim() === '' && !isKept ? { key: c('missing') } : {}
    },
    submit: async ({ provider, key, baseUrl }) => {
      const made = {
        kind: 'web_search' as const,
        provider,
        ...(provider === 'searxng' && { baseUrl: baseUrl.trim() }),
        ...(key.trim() !== '' && { key: key.trim() }),
      }
      const name = c('search.name')
      if (tool) await api.customTools.update({ id: tool.id, configuration: made })
      else await api.customTools.create({ workspaceId: workspace.id, name, configuration: made })
      await client.invalidateQueries({ queryKey: query.customTools.key() })
      showToast({ title: c(tool ? 'saved' : 'added', { name: tool?.name ?? name }) })
      onClose()
    },
  })
  const { values, set, errorOf } = form
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={c(tool ? 'search.edit' : 'search.new')} width="m">
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <SelectField
          label={c('search.provider')}
          help={c('search.provider.help')}
          value={values.provider}
          onChange={(provider) => set({ provider, key: values.key })}
          options={(['brave', 'tavily', 'searxng'] as const).map((value) => ({ value, label: c(`search.provider.${value}`) }))}
        />
        {values.provider === 'searxng' && (
          <TextField
            label={c('search.address')}
            help={c('search.address.help')}
            type="url"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            maxLength={2048}
            placeholder="https://"
            value={values.baseUrl}
            onChange={(baseUrl) => set({ baseUrl })}
            error={errorOf('baseUrl')}
          />
        )}
        <TextField
          label={c('auth.key')}
          help={configuration?.hasKey ? c('database.password.keep') : c('auth.help')}
          {...(values.provider === 'searxng' ? { hint: t('ui.optional') } : {})}
          type="password"
          autoComplete="new-password"
          data-1p-ignore
          data-lpignore="true"
          className="mono"
          maxLength={512}
          value={values.key}
          onChange={(key) => set({ key })}
          error={errorOf('key')}
        />
        <div className="dialog-footer">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {tool ? t('ui.save') : c('api.add')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
