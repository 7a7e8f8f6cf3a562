import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Ellipsis, Fingerprint, Plus, Power, Regex, Ruler, Scale, ShieldCheck, Tags, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { GuardrailSummary } from '../../../contract/guardrails.ts'
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
import { g } from './strings.ts'

const icons = { pattern: Regex, personal_data: Fingerprint, length: Ruler, topics: Tags, judge: Scale }

/** The workspace's rules, for who runs it to change and for everybody to know of. */
export function GuardrailSettings() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { access } = useMe()
  const { id: workspaceId } = useWorkspace()
  const list = useQuery(query.guardrails.list.queryOptions({ input: { workspaceId } }))
  const [deleting, setDeleting] = useState<GuardrailSummary | null>(null)
  const mayChange = can(access, 'guardrail', 'create', workspaceId)
  const refresh = () => client.invalidateQueries({ queryKey: query.guardrails.key() })
  const open = (guardrailId: string) => void navigate({ to: '/settings/guardrails/$guardrailId', params: { guardrailId } })

  async function toggle({ id, isEnabled }: GuardrailSummary) {
    const key = query.guardrails.list.queryKey({ input: { workspaceId } })
    const before = client.getQueryData(key)
    client.setQueryData(
      key,
      before?.map((one) => (one.id === id ? { ...one, isEnabled: !isEnabled } : one)),
    )
    try {
      await api.guardrails.update({ id, isEnabled: !isEnabled })
    } catch (error) {
      client.setQueryData(key, before)
      showError(error, g('switch.failed'))
    }
    await refresh()
  }

  async function remove({ id, name }: GuardrailSummary) {
    await api.guardrails.delete({ id })
    showToast({ title: g('delete.done', { name }) })
    await refresh()
  }

  const add = mayChange && (
    <Button variant="primary" icon={Plus} onClick={() => open('new')}>
      {g('add')}
    </Button>
  )
  const isEmpty = list.data?.length === 0
  return (
    <SettingsPage title={t('settings.guardrails')} intro={g('intro')} action={list.data && !isEmpty ? add : undefined}>
      {list.isPending && <RowListSkeleton rows={3} />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {isEmpty && (
        <EmptyState icon={ShieldCheck} title={g('empty.title')} action={add}>
          {g(mayChange ? 'empty.text' : 'empty.member')}
        </EmptyState>
      )}
      {list.data && !isEmpty && (
        <RowList
          rows={list.data.map((guardrail) => ({
            key: guardrail.id,
            icon: icons[guardrail.kind],
            title: guardrail.name,
            badge: guardrail.isEnabled ? (guardrail.appliesTo === 'agents' ? g('agents') : undefined) : g('off'),
            detail: detailOf(guardrail),
            actions: mayChange && (
              <>
                <Button size="s" aria-label={g('edit', { name: guardrail.name })} onClick={() => open(guardrail.id)}>
                  {t('ui.edit')}
                </Button>
                <Menu align="end" trigger={<IconButton icon={Ellipsis} label={g('more', { name: guardrail.name })} size="s" />}>
                  <MenuItem icon={Power} onSelect={() => void toggle(guardrail)}>
                    {g(guardrail.isEnabled ? 'switch_off' : 'switch_on')}
                  </MenuItem>
                  <MenuItem icon={Trash2} isDanger onSelect={() => setDeleting(guardrail)}>
                    {t('ui.delete')}
                  </MenuItem>
                </Menu>
              </>
            ),
          }))}
        />
      )}
      {deleting && (
        <ConfirmDialog
          open
          onOpenChange={() => setDeleting(null)}
          title={g('delete.title', { name: deleting.name })}
          text={g('delete.text')}
          action={t('ui.delete')}
          onConfirm={() => remove(deleting)}
        />
      )}
    </SettingsPage>
  )
}

const detailOf = ({ kind, action, places }: GuardrailSummary): string =>
  [g(`kind.${kind}`), g(`action.${action}`), places.map((place) => g(`place.${place}`)).join(', ')].join(' · ')
