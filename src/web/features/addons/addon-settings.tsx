import { useQuery, useQueryClient } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import type { Addon } from '../../../contract/addons.ts'
import { api, query } from '../../api.ts'
import { Checkbox } from '../../ui/field.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { ErrorState, Notice } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { can, useMe } from '../people/me.ts'
import { SettingsPage, SettingsSection } from '../settings/settings-page.tsx'
import './addon-settings.css'
import { RuntimeList } from './runtime-list.tsx'
import { a } from './strings.ts'

export function AddonSettings() {
  const { access } = useMe()
  const list = useQuery(query.addons.list.queryOptions({ staleTime: 10_000 }))
  return (
    <SettingsPage title={a('title')} intro={a('intro')}>
      <SettingsSection title={a('addons.title')} intro={a('addons.intro')}>
        {list.isPending && <RowListSkeleton rows={5} />}
        {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && <AddonList addons={list.data.addons} mayChange={can(access, 'system', 'update')} />}
      </SettingsSection>
      <RuntimeList />
    </SettingsPage>
  )
}

function AddonList({ addons, mayChange }: { addons: readonly Addon[]; mayChange: boolean }) {
  const client = useQueryClient()
  const { queryKey } = query.addons.list.queryOptions()

  const show = (id: Addon['id'], enabled: boolean) =>
    client.setQueryData(
      queryKey,
      (known) => known && { addons: known.addons.map((each) => (each.id === id ? { ...each, enabled } : each)) },
    )

  /** Shown at once, and taken back where the server refuses. */
  async function toggle({ id, name }: Addon, enabled: boolean) {
    await client.cancelQueries({ queryKey })
    show(id, enabled)
    try {
      await api.addons.switch({ id, enabled })
      showToast({ title: a(enabled ? 'switched.on' : 'switched.off', { name }) })
    } catch (error) {
      show(id, !enabled)
      showError(error, a('switch.failed', { name }))
    }
  }

  return (
    <ul className="addons">
      {addons.map((addon) => (
        <li key={addon.id}>
          <Checkbox
            label={addon.name}
            help={
              <>
                {addon.description} {a('cost', { cost: addon.cost })}{' '}
                {addon.version && <span className="addon-version">{a('version', { version: addon.version })}</span>}
              </>
            }
            isChecked={addon.enabled}
            isDisabled={!mayChange}
            onChange={(enabled) => void toggle(addon, enabled)}
          />
          {addon.problem && (
            <Notice tone="warning" icon={TriangleAlert}>
              {addon.problem}
            </Notice>
          )}
        </li>
      ))}
    </ul>
  )
}
