import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, Pencil, Plug, Plus, Star, Trash2, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Connection } from '../../../contract/models.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState, Notice } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { can, useMe } from '../people/me.ts'
import { SettingsPage, SettingsSection } from '../settings/settings-page.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { ConnectionDialog } from './connection-dialog.tsx'
import { c } from './strings.ts'

type Open = { kind: 'add' } | { kind: 'edit' | 'delete'; connection: Connection }

export function ConnectionSettings() {
  const client = useQueryClient()
  const workspace = useWorkspace()
  const list = useQuery(query.connections.list.queryOptions({ input: { workspaceId: workspace.id } }))
  const [open, setOpen] = useState<Open | null>(null)
  const [testing, setTesting] = useState<ReadonlySet<string>>(new Set())
  const close = () => setOpen(null)

  const refresh = () => {
    void client.invalidateQueries({ queryKey: query.connections.key() })
    void client.invalidateQueries({ queryKey: query.models.key() })
  }

  async function test(connection: Connection) {
    setTesting((before) => new Set(before).add(connection.id))
    try {
      const { status, statusReason, modelCount, name } = await api.connections.test({ id: connection.id })
      if (status === 'ready') showToast({ title: c('test.ready', { name, count: modelCount }) })
      else showToast({ title: c('test.failed', { name }), tone: 'danger', ...(statusReason ? { description: statusReason } : {}) })
      refresh()
    } catch (error) {
      showError(error, c('test.failed', { name: connection.name }))
    } finally {
      setTesting((before) => new Set([...before].filter((id) => id !== connection.id)))
    }
  }

  async function makeDefault(connection: Connection) {
    try {
      await api.connections.update({ id: connection.id, isDefault: true })
      showToast({ title: c('default.done', { name: connection.name, provider: c(`provider.${connection.provider}`) }) })
      refresh()
    } catch (error) {
      showError(error, c('default.failed'))
    }
  }

  async function remove(connection: Connection) {
    await api.connections.delete({ id: connection.id })
    showToast({ title: c('delete.done', { name: connection.name }) })
    refresh()
  }

  const add = (
    <Button variant="primary" icon={Plus} onClick={() => setOpen({ kind: 'add' })}>
      {c('new')}
    </Button>
  )
  const rows = (connections: readonly Connection[]) => (
    <RowList
      rows={connections.map((connection) => ({
        key: connection.id,
        icon: Plug,
        title: connection.name,
        badge: connection.isDefault ? c('default') : undefined,
        detail: <Detail connection={connection} />,
        note:
          connection.status === 'error' ? (
            <Notice tone="warning" icon={TriangleAlert}>
              {connection.statusReason ?? c('test.failed', { name: connection.name })}
            </Notice>
          ) : undefined,
        actions: (
          <Actions
            connection={connection}
            isTesting={testing.has(connection.id)}
            onTest={() => void test(connection)}
            onDefault={() => void makeDefault(connection)}
            onEdit={() => setOpen({ kind: 'edit', connection })}
            onDelete={() => setOpen({ kind: 'delete', connection })}
          />
        ),
      }))}
    />
  )
  const of = (ownership: Connection['ownership']) => list.data?.filter((one) => one.ownership === ownership) ?? []
  const hasOnlyBuiltIn = list.data?.every((one) => one.provider === 'built-in') ?? false

  return (
    <SettingsPage title={t('settings.connections')} intro={c('intro')} action={list.data && !hasOnlyBuiltIn ? add : undefined}>
      {list.isPending && <RowListSkeleton rows={3} />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {hasOnlyBuiltIn && (
        <EmptyState icon={Plug} title={c('empty.title')} action={add}>
          {c('empty.text')}
        </EmptyState>
      )}
      {of('own').length > 0 && rows(of('own'))}
      {of('workspace').length > 0 && <SettingsSection title={c('list.workspace')}>{rows(of('workspace'))}</SettingsSection>}
      {of('house').length > 0 && <SettingsSection title={c('list.house')}>{rows(of('house'))}</SettingsSection>}
      {open?.kind === 'add' && <ConnectionDialog connection={null} onClose={close} />}
      {open?.kind === 'edit' && <ConnectionDialog connection={open.connection} onClose={close} />}
      {open?.kind === 'delete' && (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={c('delete.title', { name: open.connection.name })}
          text={c('delete.text')}
          action={t('ui.delete')}
          onConfirm={() => remove(open.connection)}
        />
      )}
    </SettingsPage>
  )
}

function Detail({ connection }: { connection: Connection }) {
  const tone = connection.status === 'ready' ? 'success' : connection.status === 'error' ? 'danger' : 'plain'
  const facts = [
    connection.name === c(`provider.${connection.provider}`) ? '' : c(`provider.${connection.provider}`),
    connection.baseUrl ?? '',
    connection.keyLast4 === null ? '' : c('key', { last4: connection.keyLast4 }),
    connection.headerNames.length === 0 ? '' : c('headers', { count: connection.headerNames.length }),
    c('models', { count: connection.modelCount }),
    connection.isManaged ? c('managed') : '',
  ]
  return (
    <>
      <span className="status" data-tone={tone}>
        {c(`status.${connection.status}`)}
      </span>
      {' · '}
      {facts.filter(Boolean).join(' · ')}
    </>
  )
}

interface ActionProps {
  connection: Connection
  isTesting: boolean
  onTest: () => void
  onDefault: () => void
  onEdit: () => void
  onDelete: () => void
}

function Actions({ connection, isTesting, onTest, onDefault, onEdit, onDelete }: ActionProps) {
  const { access } = useMe()
  const workspace = useWorkspace()
  const scope = connection.ownership === 'house' ? undefined : workspace.id
  const isOwn = connection.ownership === 'own'
  const may = (action: 'test' | 'update' | 'delete') => isOwn || can(access, 'connection', action, scope)
  const { name } = connection
  if (connection.provider === 'built-in') return null
  return (
    <>
      {may('test') && (
        <Button size="s" isPending={isTesting} aria-label={isTesting ? c('test.running') : c('test.label', { name })} onClick={onTest}>
          {c(isTesting ? 'test.running' : 'test.again')}
        </Button>
      )}
      {!connection.isManaged && (may('update') || may('delete')) && (
        <Menu align="end" trigger={<IconButton icon={Ellipsis} label={c('more.label', { name })} size="s" />}>
          {may('update') && (
            <MenuItem icon={Pencil} onSelect={onEdit}>
              {t('ui.edit')}
            </MenuItem>
          )}
          {may('update') && !connection.isDefault && (
            <MenuItem icon={Star} onSelect={onDefault}>
              {c('make_default')}
            </MenuItem>
          )}
          {may('delete') && (
            <MenuItem icon={Trash2} isDanger onSelect={onDelete}>
              {t('ui.delete')}
            </MenuItem>
          )}
        </Menu>
      )}
    </>
  )
}
