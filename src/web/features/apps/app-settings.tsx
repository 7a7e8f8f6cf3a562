import { useQuery, useQueryClient } from '@tanstack/react-query'
import { AppWindow, Globe, Laptop } from 'lucide-react'
import { useState } from 'react'
import type { ConnectedApp } from '../../../contract/apps.ts'
import { api, query } from '../../api.ts'
import { formatAgo, formatDay } from '../../strings/format.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { showToast } from '../../ui/toast.tsx'
import { useMe } from '../people/me.ts'
import { SettingsPage, SettingsSection } from '../settings/settings-page.tsx'
import { AddToProgram } from './add-to-program.tsx'
import { a } from './strings.ts'

const icons = { site: Globe, device: Laptop, program: AppWindow }

/** How programs are let in, and those that were. */
export function AppSettings() {
  return (
    <SettingsPage title={t('settings.apps')} intro={a('intro')}>
      <AddToProgram />
      <SettingsSection title={a('connected.title')}>
        <ConnectedApps />
      </SettingsSection>
    </SettingsPage>
  )
}

function ConnectedApps() {
  const client = useQueryClient()
  const { workspaces } = useMe()
  const apps = useQuery(query.apps.list.queryOptions({ staleTime: 0 }))
  const [leaving, setLeaving] = useState<ConnectedApp | null>(null)

  async function disconnect(app: ConnectedApp) {
    await api.apps.disconnect({ id: app.id })
    client.setQueryData(query.apps.list.queryKey(), (all) => all?.filter((one) => one.id !== app.id))
    showToast({ title: a('connected.disconnected', { name: app.name }) })
  }

  if (apps.isPending) return <RowListSkeleton rows={2} />
  if (!apps.data) return <ErrorState error={apps.error} onRetry={() => void apps.refetch()} />
  if (apps.data.length === 0) {
    return (
      <EmptyState icon={AppWindow} title={a('connected.empty')}>
        {a('connected.empty.text')}
      </EmptyState>
    )
  }
  return (
    <>
      <RowList
        rows={apps.data.map((app) => ({
          key: app.id,
          icon: icons[app.kind],
          title: app.name,
          badge: app.publishedBy ?? (app.kind === 'device' ? undefined : app.returnsTo),
          detail: (
            <>
              {[
                a('connected.since', { when: formatDay(app.createdAt) }),
                app.lastUsedAt === null ? a('connected.unused') : a('connected.used', { when: formatAgo(app.lastUsedAt) }),
                workspaces.length > 1
                  ? a('connected.in', { workspace: workspaces.find(({ id }) => id === app.workspaceId)?.name ?? '–' })
                  : '',
              ]
                .filter(Boolean)
                .join(' · ')}
              <br />
              {app.scopes.map((scope) => a(`scope.${scope}`)).join(' · ')}
            </>
          ),
          actions: (
            <Button size="s" aria-label={a('connected.disconnect.label', { name: app.name })} onClick={() => setLeaving(app)}>
              {a('connected.disconnect')}
            </Button>
          ),
        }))}
      />
      {leaving && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setLeaving(null)}
          title={a('connected.disconnect.title', { name: leaving.name })}
          text={a('connected.disconnect.text')}
          action={a('connected.disconnect')}
          onConfirm={() => disconnect(leaving)}
        />
      )}
    </>
  )
}
