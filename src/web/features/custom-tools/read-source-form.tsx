import type { DescribedApi, DescriptionSource } from '../../../contract/custom-tools.ts'
import { api } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { TextAreaField, TextField } from '../../ui/field.tsx'
import { FormSummary, useForm } from '../../ui/form.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { isHttpUrl } from './auth-form.ts'
import { c } from './strings.ts'

export interface ReadSource {
  source: DescriptionSource
  described: DescribedApi
}

/** The first step: which API. */
export function ReadSourceForm({ onRead, onClose }: { onRead: (read: ReadSource) => void; onClose: () => void }) {
  const workspace = useWorkspace()
  const form = useForm({
    initial: { url: '', text: '' },
    check: ({ url, text }): { url?: string } => {
      if (url.trim() === '' && text.trim() === '') return { url: c('api.source.missing') }
      if (url.trim() !== '' && text.trim() !== '') return { url: c('api.source.both') }
      return url.trim() !== '' && !isHttpUrl(url) ? { url: c('url.bad') } : {}
    },
    submit: async ({ url, text }) => {
      const source = url.trim() === '' ? { text } : { url: url.trim() }
      onRead({ source, described: await api.customTools.describe({ workspaceId: workspace.id, source }) })
    },
  })
  const { values, set, errorOf } = form
  return (
    <form className="form" noValidate onSubmit={form.onSubmit}>
      <FormSummary form={form} />
      <TextField
        label={c('api.url')}
        help={c('api.url.help')}
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        maxLength={2048}
        placeholder="https://"
        value={values.url}
        onChange={(url) => set({ url })}
        error={errorOf('url')}
      />
      <TextAreaField
        label={c('api.text')}
        className="mono"
        rows={6}
        spellCheck={false}
        value={values.text}
        onChange={(text) => set({ text })}
      />
      <div className="dialog-footer">
        <p className="tool-progress" role="status">
          {form.isPending && c('api.reading')}
        </p>
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={form.isPending}>
          {c('api.read')}
        </Button>
      </div>
    </form>
  )
}
