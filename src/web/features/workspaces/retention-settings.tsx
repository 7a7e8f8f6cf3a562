import { useQueryClient } from '@tanstack/react-query'
import type { Workspace, WorkspaceSettings } from '../../../contract/workspaces.ts'
import { api, query } from '../../api.ts'
import { TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { parseParameter, rangeOf } from './parameters.ts'
import { w } from './strings.ts'

const days = { min: 1, max: 3650, isWhole: true }
const fields = ['trashAfterDays', 'purgeAfterDays'] as const
type Field = (typeof fields)[number]

/** After how long conversations go to the trash, and from there for good. */
export function RetentionSettings({ workspaceId, settings }: { workspaceId: Workspace['id']; settings: WorkspaceSettings }) {
  const client = useQueryClient()
  const form = useForm<Record<Field, string>>({
    initial: { trashAfterDays: settings.trashAfterDays?.toString() ?? '', purgeAfterDays: settings.purgeAfterDays?.toString() ?? '' },
    check: (values) =>
      Object.fromEntries(fields.filter((name) => parseParameter(days, values[name]) === undefined).map((name) => [name, rangeOf(days)])),
    submit: async (values) => {
      const [trashAfterDays, purgeAfterDays] = fields.map((name) => parseParameter(days, values[name]) ?? null)
      const saved = await api.workspaces.updateSettings({ workspaceId, trashAfterDays, purgeAfterDays })
      client.setQueryData(query.workspaces.getSettings.queryKey({ input: { workspaceId } }), saved)
    },
  })
  return (
    <SettingsSection title={w('retention.title')} intro={w('retention.intro')}>
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <div className="form-row">
          {fields.map((name) => (
            <TextField
              key={name}
              label={w(name)}
              help={w(`${name}.help`)}
              inputMode="numeric"
              autoComplete="off"
              placeholder={name === 'trashAfterDays' ? w('retention.never') : '30'}
              value={form.values[name]}
              onChange={(value) => form.set({ [name]: value })}
              error={form.errorOf(name)}
            />
          ))}
        </div>
        <FormFooter form={form} />
      </form>
    </SettingsSection>
  )
}
