import { useQueryClient } from '@tanstack/react-query'
import type { CustomTool, CustomToolConfiguration } from '../../../contract/custom-tools.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { showToast } from '../../ui/toast.tsx'
import { ApiFields } from './api-fields.tsx'
import { authValues, type AuthValues, checkAuth, isHttpUrl, toAuth } from './auth-form.ts'
import { c } from './strings.ts'
import './tools.css'

type Api = Extract<CustomToolConfiguration, { kind: 'http_api' }>

export function EditApiDialog({ tool, configuration, onClose }: { tool: CustomTool; configuration: Api; onClose: () => void }) {
  const client = useQueryClient()
  const hasCredentials = configuration.auth.kind !== 'none'
  const initialAuth: AuthValues = { ...authValues(configuration.auth), ...(hasCredentials && { authKind: 'kept' as const }) }
  const form = useForm({
    initial: { name: tool.name, description: tool.description, baseUrl: configuration.baseUrl, ...initialAuth },
    check: (values) => ({
      ...(values.name.trim() === '' && { name: c('missing') }),
      ...(!isHttpUrl(values.baseUrl) && { baseUrl: c('url.bad') }),
      ...(values.authKind === 'kept' &&
        URL.parse(values.baseUrl)?.origin !== URL.parse(configuration.baseUrl)?.origin && { authKind: c('auth.again') }),
      ...checkAuth(values),
    }),
    submit: async ({ name, description, baseUrl, ...values }) => {
      const auth = toAuth(values)
      const changed = { kind: 'http_api' as const, baseUrl: baseUrl.trim(), ...(auth && { auth }) }
      await api.customTools.update({ id: tool.id, name: name.trim(), description: description.trim(), configuration: changed })
      await client.invalidateQueries({ queryKey: query.customTools.key() })
      showToast({ title: c('saved', { name: name.trim() }) })
      onClose()
    },
  })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={c('api.edit', { name: tool.name })} width="m">
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <ApiFields form={form} isKept={hasCredentials} />
        <div className="dialog-footer">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {t('ui.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
