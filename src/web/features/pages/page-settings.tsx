import { useQuery } from '@tanstack/react-query'
import { PanelTop } from 'lucide-react'
import { useState } from 'react'
import { query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { SelectField } from '../../ui/field.tsx'
import { FormSkeleton } from '../../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { can, useMe } from '../people/me.ts'
import { SettingsPage } from '../settings/settings-page.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { CreatePage } from './create-page.tsx'
import { PageEditor } from './page-editor.tsx'
import './page-settings.css'
import { s } from './strings.ts'

/** The page of the workspace, and those of others on which this person has a role. */
export function PageSettings() {
  const { access } = useMe()
  const workspace = useWorkspace()
  const pages = useQuery(query.pages.list.queryOptions())
  const [chosen, setChosen] = useState('')
  const own = pages.data?.find(({ workspaceId }) => workspaceId === workspace.id)
  const elsewhere = pages.data?.filter(({ id }) => access.pages[id] !== undefined && id !== own?.id) ?? []
  const mayCreate = !own && can({ ...access, system: [] }, 'page', 'create', workspace.id)
  const shown = elsewhere.find(({ id }) => id === chosen) ?? own ?? (mayCreate ? undefined : elsewhere[0])
  const choices = [
    ...(own || mayCreate ? [{ value: '', label: own?.displayName ?? workspace.name }] : []),
    ...elsewhere.map(({ id, displayName, slug }) => ({ value: id as string, label: `${displayName} (@${slug})` })),
  ]
  const choose = choices.length > 1 && (
    <SelectField label={s('choose.label')} value={shown === own ? '' : (shown?.id ?? '')} onChange={setChosen} options={choices} />
  )

  if (shown) return <PageEditor key={shown.id} page={shown} choose={choose} />
  return (
    <SettingsPage title={t('settings.page')} intro={s('intro')}>
      {pages.isPending && <FormSkeleton fields={4} />}
      {pages.isError && !pages.data && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
      {choose}
      {pages.data && mayCreate && <CreatePage workspaceId={workspace.id} workspaceName={workspace.name} />}
      {pages.data && !mayCreate && (
        <EmptyState icon={PanelTop} title={s('none.title')}>
          {s('none.text')}
        </EmptyState>
      )}
    </SettingsPage>
  )
}
