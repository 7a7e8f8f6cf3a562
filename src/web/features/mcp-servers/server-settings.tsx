import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Ellipsis, Globe, Pencil, Plus, Power, Terminal, Trash2, TriangleAlert, Wrench } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { McpServer } from '../../../contract/mcp-servers.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { type Row, RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState, Notice } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { can, useMe } from '../people/me.ts'
import { SettingsPage } from '../settings/settings-page.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { EditServerDialog } from './edit-server-dialog.tsx'
import { NewServerDialog } from './new-server-dialog.tsx'
import { ServerState } from './server-state.tsx'
import { m } from './strings.ts'
import { useTestServers } from './use-test-servers.ts'

type Open = { kind: 'add' } | { kind: 'edit' | 'delete'; server: McpServer }

export function ServerSettings() {
  const client = useQueryClient()
  const workspace = useWorkspace()
  const { access } = useMe()
  const list = useQuery(query.mcpServers.list.queryOptions({ input: { workspaceId: workspace.id } }))
  const [open, setOpen] = useState<Open | null>(null)
  const { testing, test } = useTestServers()
  const mayChange = can(access, 'mcp-server', 'update', workspace.id)
  const close = () => setOpen(null)
  const refresh = () => void client.invalidateQueries({ queryKey: query.mcpServers.key() })

  async function toggle({ id, name, isEnabled }: McpServer) {
    try {
      await api.mcpServers.update({ id, isEnabled: !isEnabled })
      refresh()
    } catch (error) {
      showError(error, m('change.failed', { name }))
    }
  }

  async function remove({ id, name }: McpServer) {
    await api.mcpServers.delete({ id })
    showToast({ title: m('delete.done', { name }) })
    refresh()
  }

  const add = mayChange && (
    <Button variant="primary" icon={Plus} onClick={() => setOpen({ kind: 'add' })}>
      {m('new')}
    </Button>
  )
  const rowOf = (server: McpServer): Row => ({
    key: server.id,
    icon: server.transport === 'stdio' ? Terminal : Globe,
    title: server.name,
    detail: <Detail server={server} />,
    note: noteOf(server),
    actions: mayChange && (
      <>
        <Button
          size="s"
          isPending={testing.has(server.id)}
          aria-label={m('test.label', { name: server.name })}
          onClick={() => void test(server)}
        >
          {m(testing.has(server.id) ? 'testing' : 'test')}
        </Button>
        <Menu align="end" trigger={<IconButton icon={Ellipsis} label={m('more', { name: server.name })} size="s" />}>
          {server.agentId === null && (
            <MenuItem icon={Pencil} onSelect={() => setOpen({ kind: 'edit', server })}>
              {t('ui.edit')}
            </MenuItem>
          )}
          <MenuItem icon={Power} onSelect={() => void toggle(server)}>
            {m(server.isEnabled ? 'switch.off' : 'switch.on')}
          </MenuItem>
          {server.agentId === null && (
            <MenuItem icon={Trash2} isDanger onSelect={() => setOpen({ kind: 'delete', server })}>
              {t('ui.delete')}
            </MenuItem>
          )}
        </Menu>
      </>
    ),
  })
  return (
    <SettingsPage title={m('title')} intro={m('intro')} action={list.data?.length ? add : undefined}>
      {list.isPending && <RowListSkeleton rows={3} />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && (
        <EmptyState icon={Wrench} title={m('empty.title')} action={add}>
          {m(mayChange ? 'empty.text' : 'empty.member')}
        </EmptyState>
      )}
      {list.data && list.data.length > 0 && <RowList rows={list.data.map(rowOf)} />}
      {open?.kind === 'add' && <NewServerDialog onClose={close} onAdded={(servers) => servers.forEach((server) => void test(server))} />}
      {open?.kind === 'edit' && <EditServerDialog server={open.server} onClose={close} />}
      {open?.kind === 'delete' && (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={m('delete.title', { name: open.server.name })}
          text={m('delete.text')}
          action={t('ui.delete')}
          onConfirm={() => remove(open.server)}
        />
      )}
    </SettingsPage>
  )
}

function Detail({ server }: { server: McpServer }) {
  const where = server.url ?? (server.command === null ? '' : [server.command, ...server.args].join(' '))
  return (
    <>
      <ServerState server={server} />
      {' · '}
      <Link
        to="/settings/tool-servers/$serverId"
        params={{ serverId: server.id }}
        aria-label={
          server.toolsListedAt === null
            ? m('tools.unknown.label', { name: server.name })
            : m('tools.label', { name: server.name, count: server.toolCount })
        }
      >
        {server.toolsListedAt === null ? m('tools.unknown') : m('tools', { count: server.toolCount })}
      </Link>
      {where && ` · ${where}`}
      {server.agentId && (
        <>
          {' · '}
          <Link to="/agents/$agentId" params={{ agentId: server.agentId }}>
            {m('of_package')}
          </Link>
        </>
      )}
    </>
  )
}

function noteOf(server: McpServer) {
  if (!server.isEnabled) return undefined
  if (server.status === 'error' && server.statusReason) return warning(server.statusReason)
  if (server.myCredential === 'missing' || server.myCredential === 'failed')
    return warning(
      <>
        {m(`credential.${server.myCredential}`)}{' '}
        <Link to="/settings/tool-servers/$serverId" params={{ serverId: server.id }}>
          {m('credential.give')}
        </Link>
      </>,
    )
  if (server.changedToolCount > 0) return warning(m('changed', { count: server.changedToolCount }))
  return undefined
}

const warning = (text: ReactNode) => (
  <Notice tone="warning" icon={TriangleAlert}>
    {text}
  </Notice>
)
