import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { TextField } from '../../ui/field.tsx'
import { FormFooter, FormSummary, useForm } from '../../ui/form.tsx'
import { FormSkeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { can, useMe } from '../people/me.ts'
import { SettingsPage, SettingsSection } from '../settings/settings-page.tsx'
import { BudgetSettings } from './budget-settings.tsx'
import { useWorkspace } from './current-workspace.ts'
import { WorkspaceDefaults } from './workspace-defaults.tsx'
import { RetentionSettings } from './retention-settings.tsx'
import { NewWorkspace } from './new-workspace.tsx'
import { w } from './strings.ts'

export function WorkspaceSettings() {
  const { access } = useMe()
  const workspace = useWorkspace()
  const input = { workspaceId: workspace.id }
  const settings = useQuery(query.workspaces.getSettings.queryOptions({ input }))
  const mayBudget = can(access, 'budget', 'read', workspace.id)

  return (
    <SettingsPage title={t('settings.workspace.defaults')} intro={w('intro', { name: workspace.name })}>
      {settings.isPending && <FormSkeleton fields={4} />}
      {settings.isError && !settings.data && <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.data && <WorkspaceDefaults key={workspace.id} workspaceId={workspace.id} settings={settings.data} />}
      {settings.data && can(access, 'workspace', 'update', workspace.id) && (
        <RetentionSettings key={`retention ${workspace.id}`} workspaceId={workspace.id} settings={settings.data} />
      )}
      {mayBudget && <BudgetSettings key={`budget ${workspace.id}`} />}
      {can(access, 'workspace', 'update', workspace.id) && <WorkspaceName key={`name ${workspace.id}`} />}
      {can(access, 'workspace', 'create') && <NewWorkspace />}
    </SettingsPage>
  )
}

function WorkspaceName() {
  const client = useQueryClient()
  const workspace = useWorkspace()
  const form = useForm({
    initial: { name: workspace.name },
    check: ({ name }) => (name.trim() === '' ? { name: w('name.missing') } : {}),
    submit: async ({ name }) => {
      await api.workspaces.rename({ workspaceId: workspace.id, name })
      await client.invalidateQueries({ queryKey: query.people.me.key() })
    },
  })
  return (
    <SettingsSection title={w('name.title')}>
      <form className="form" noValidate onSubmit={form.onSubmit}>
        <FormSummary form={form} />
        <TextField
          label={w('name')}
          maxLength={100}
          value={form.values.name}
          onChange={(name) => form.set({ name })}
          error={form.errorOf('name')}
        />
        <FormFooter form={form} />
      </form>
    </SettingsSection>
  )
}
