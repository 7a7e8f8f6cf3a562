import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, KeyRound, MessagesSquare, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Installation } from '../../../contract/channels.ts'
import { api, query } from '../../api.ts'
import { formatInstant } from '../../strings/format.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { EditInstallationDialog } from './edit-installation-dialog.tsx'
import { NewInstallationDialog } from './new-installation-dialog.tsx'
import { SecretDialog } from './secret-dialog.tsx'
import { i } from './strings.ts'

export function ChannelSettings() {
  const client = useQueryClient()
  const { id: workspaceId } = useWorkspace()
  const list = useQuery(query.installations.list.queryOptions({ input: { workspaceId } }))
  const [isAdding, setAdding] = useState(false)
  const [deleting, setDeleting] = useState<Installation | null>(null)
  const [editing, setEditing] = useState<Installation | null>(null)
  const [rotating, setRotating] = useState<Installation | null>(null)
  const [rotated, setRotated] = useState<{ installation: Installation; secret: string } | null>(null)
  const refresh = () => void client.invalidateQueries({ queryKey: query.installations.key() })

  async function toggle({ id, name, isEnabled }: Installation) {
    try {
      await api.installations.update({ id, isEnabled: !isEnabled })
      refresh()
    } catch (error) {
      showError(error, i('settings.change.failed', { name }))
    }
  }

  async function remove({ id, name }: Installation) {
    await api.installations.delete({ id })
    showToast({ title: i('settings.deleted', { name }) })
    refresh()
  }

  async function rotate({ id, name }: Installation) {
    const { installation, secret } = await api.installations.rotateSecret({ id })
    if (secret === null) showToast({ title: i('settings.rotated', { name }) })
    else setRotated({ installation, secret })
    refresh()
  }

  const add = (
    <Button variant="primary" icon={Plus} onClick={() => setAdding(true)}>
      {i('settings.new')}
    </Button>
  )
  return (
    <SettingsPage title={i('settings.title')} intro={i('settings.intro')} action={list.data?.length ? add : undefined}>
      {list.isPending && <RowListSkeleton rows={2} />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && (
        <EmptyState icon={MessagesSquare} title={i('settings.empty.title')} action={add}>
          {i('settings.empty.text')}
        </EmptyState>
      )}
      {list.data && list.data.length > 0 && (
        <RowList
          rows={list.data.map((one) => ({
            key: one.id,
            icon: MessagesSquare,
            title: one.name,
            badge: i(`source.${one.platform}`),
            detail: (
              <>
                <span className="status" data-tone={one.isEnabled ? 'success' : 'plain'}>
                  {i(one.isEnabled ? 'settings.on' : 'settings.off')}
                </span>
                {one.replyUrl && ` · ${one.replyUrl}`}
                {one.previousSecretUntil && ` · ${i('settings.old.secret', { time: formatInstant(one.previousSecretUntil) })}`}
              </>
            ),
            actions: (
              <>
                <Button
                  size="s"
                  aria-label={i(one.isEnabled ? 'settings.disable.label' : 'settings.enable.label', { name: one.name })}
                  onClick={() => void toggle(one)}
                >
                  {i(one.isEnabled ? 'settings.disable' : 'settings.enable')}
                </Button>
                <Menu align="end" trigger={<IconButton icon={Ellipsis} label={i('settings.more', { name: one.name })} size="s" />}>
                  <MenuItem icon={Pencil} onSelect={() => setEditing(one)}>
                    {i('settings.edit')}
                  </MenuItem>
                  <MenuItem icon={KeyRound} onSelect={() => setRotating(one)}>
                    {i('settings.rotate')}
                  </MenuItem>
                  <MenuItem icon={Trash2} isDanger onSelect={() => setDeleting(one)}>
                    {t('ui.delete')}
                  </MenuItem>
                </Menu>
              </>
            ),
          }))}
        />
      )}
      {isAdding && <NewInstallationDialog onClose={() => setAdding(false)} />}
      {editing && <EditInstallationDialog installation={editing} onClose={() => setEditing(null)} />}
      {rotating && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setRotating(null)}
          title={i('settings.rotate.title', { name: rotating.name })}
          text={i(rotating.platform === 'webhook' ? 'settings.rotate.text' : 'settings.rotate.telegram')}
          action={i('settings.rotate')}
          onConfirm={() => rotate(rotating)}
        />
      )}
      {rotated && (
        <SecretDialog
          {...rotated}
          title={i('settings.rotated', { name: rotated.installation.name })}
          text={i('made.rotated')}
          onClose={() => setRotated(null)}
        />
      )}
      {deleting && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setDeleting(null)}
          title={i('settings.delete.title', { name: deleting.name })}
          text={i('settings.delete.text')}
          action={t('ui.delete')}
          onConfirm={() => remove(deleting)}
        />
      )}
    </SettingsPage>
  )
}
