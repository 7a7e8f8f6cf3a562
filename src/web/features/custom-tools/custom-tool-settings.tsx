import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Database, Ellipsis, Globe, Pencil, Plus, Power, Search, Trash2, Wrench } from 'lucide-react'
import { useState } from 'react'
import type { CustomTool } from '../../../contract/custom-tools.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { can, useMe } from '../people/me.ts'
import { SettingsPage } from '../settings/settings-page.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { AddApiDialog } from './add-api-dialog.tsx'
import { DatabaseDialog } from './database-dialog.tsx'
import { EditApiDialog } from './edit-api-dialog.tsx'
import { OperationsDialog } from './operations-dialog.tsx'
import { SearchDialog } from './search-dialog.tsx'
import { c } from './strings.ts'

type Open = { kind: 'api' | 'database' | 'search' } | { kind: 'edit' | 'operations' | 'delete'; id: string }

const icons = { http_api: Globe, database: Database, web_search: Search }

export function CustomToolSettings() {
  const client = useQueryClient()
  const { access } = useMe()
  const workspace = useWorkspace()
  const list = useQuery(query.customTools.list.queryOptions({ input: { workspaceId: workspace.id } }))
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  const mayChange = can(access, 'custom-tool', 'create', workspace.id)
  const refresh = () => client.invalidateQueries({ queryKey: query.customTools.key() })
  // As it is now, while its dialog is open.
  const opened = open && 'id' in open ? list.data?.find(({ id }) => id === open.id) : undefined

  async function toggle({ id, isEnabled }: CustomTool) {
    try {
      await api.customTools.update({ id, isEnabled: !isEnabled })
    } catch (error) {
      showError(error, c('switch.failed'))
    }
    await refresh()
  }

  async function remove({ id, name }: CustomTool) {
    await api.customTools.delete({ id })
    showToast({ title: c('delete.done', { name }) })
    await refresh()
  }

  const add = mayChange && (
    <div className="add-tools">
      <Button variant="primary" icon={Plus} onClick={() => setOpen({ kind: 'api' })}>
        {c('add.api')}
      </Button>
      <Button icon={Plus} onClick={() => setOpen({ kind: 'database' })}>
        {c('add.database')}
      </Button>
      {list.data?.every(({ configuration }) => configuration.kind !== 'web_search') && (
        <Button icon={Plus} onClick={() => setOpen({ kind: 'search' })}>
          {c('add.search')}
        </Button>
      )}
    </div>
  )
  const isEmpty = list.data?.length === 0

  return (
    <SettingsPage title={t('settings.custom-tools')} intro={c('intro')}>
      {list.isPending && <RowListSkeleton rows={3} />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {isEmpty && (
        <EmptyState icon={Wrench} title={c('empty.title')} action={add}>
          {c(mayChange ? 'empty.text' : 'empty.member')}
        </EmptyState>
      )}
      {list.data && !isEmpty && add}
      {list.data && !isEmpty && (
        <RowList
          rows={list.data.map((tool) => ({
            key: tool.id,
            icon: icons[tool.configuration.kind],
            title: tool.name,
            badge: tool.isEnabled ? undefined : c('off'),
            detail: detailOf(tool),
            actions: mayChange && (
              <>
                <Button
                  size="s"
                  aria-label={c('operations.of', { name: tool.name })}
                  onClick={() => setOpen({ kind: 'operations', id: tool.id })}
                >
                  {c('operations.open')}
                </Button>
                <Menu align="end" trigger={<IconButton icon={Ellipsis} label={c('more', { name: tool.name })} size="s" />}>
                  <MenuItem icon={Pencil} onSelect={() => setOpen({ kind: 'edit', id: tool.id })}>
                    {t('ui.edit')}
                  </MenuItem>
                  <MenuItem icon={Power} onSelect={() => void toggle(tool)}>
                    {c(tool.isEnabled ? 'switch_off' : 'switch_on')}
                  </MenuItem>
                  <MenuItem icon={Trash2} isDanger onSelect={() => setOpen({ kind: 'delete', id: tool.id })}>
                    {t('ui.delete')}
                  </MenuItem>
                </Menu>
              </>
            ),
          }))}
        />
      )}
      {open?.kind === 'api' && <AddApiDialog onClose={close} />}
      {open?.kind === 'database' && <DatabaseDialog tool={null} configuration={null} onClose={close} />}
      {open?.kind === 'search' && <SearchDialog tool={null} configuration={null} onClose={close} />}
      {open?.kind === 'operations' && opened && <OperationsDialog tool={opened} onClose={close} />}
      {open?.kind === 'edit' && opened && <EditDialog tool={opened} onClose={close} />}
      {open?.kind === 'delete' && opened && (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={c('delete.title', { name: opened.name })}
          text={c('delete.text')}
          action={t('ui.delete')}
          onConfirm={() => remove(opened)}
        />
      )}
    </SettingsPage>
  )
}

function EditDialog({ tool, onClose }: { tool: CustomTool; onClose: () => void }) {
  const { configuration } = tool
  if (configuration.kind === 'database') return <DatabaseDialog tool={tool} configuration={configuration} onClose={onClose} />
  if (configuration.kind === 'web_search') return <SearchDialog tool={tool} configuration={configuration} onClose={onClose} />
  return <EditApiDialog tool={tool} configuration={configuration} onClose={onClose} />
}

function detailOf({ configuration, operations }: CustomTool): string {
  if (configuration.kind === 'http_api') {
    const auth = configuration.auth.kind === 'none' ? '' : c(`auth.${configuration.auth.kind}`)
    return [configuration.baseUrl, auth, c('operations', { count: operations.length })].filter(Boolean).join(' · ')
  }
  if (configuration.kind === 'web_search') return c(`search.provider.${configuration.provider}`)
  const { target } = configuration
  return [c(`database.engine.${target.engine}`), target.engine === 'sqlite' ? target.path : `${target.host}/${target.database}`].join(' · ')
}
