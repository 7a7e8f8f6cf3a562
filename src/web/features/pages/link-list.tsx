import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link as LinkIcon, Plus } from 'lucide-react'
import { useState } from 'react'
import type { Page, PageLink } from '../../../contract/pages.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { LinkDialog } from './link-dialog.tsx'
import { pageIcons } from './page-icons.ts'
import { refreshPreview } from './page-queries.ts'
import { RowMenu } from './row-menu.tsx'
import { SortableList } from './sortable-list.tsx'
import { s } from './strings.ts'

type Open = { kind: 'add' } | { kind: 'edit' | 'delete'; link: PageLink }

export function LinkList({ pageId, mayChange }: { pageId: Page['id']; mayChange: boolean }) {
  const client = useQueryClient()
  const links = useQuery(query.pageLinks.list.queryOptions({ input: { pageId } }))
  const [open, setOpen] = useState<Open | null>(null)
  const key = query.pageLinks.list.queryKey({ input: { pageId } })

  function put(next: (all: readonly PageLink[]) => PageLink[]) {
    client.setQueryData(key, (all) => all && next(all))
    refreshPreview(client)
  }

  async function reorder(linkIds: PageLink['id'][]) {
    const before = client.getQueryData(key)
    put((all) => linkIds.flatMap((id) => all.find((link) => link.id === id) ?? []))
    try {
      const saved = await api.pageLinks.reorder({ pageId, linkIds })
      put(() => saved)
    } catch (error) {
      client.setQueryData(key, before)
      showError(error, s('order.failed'))
    }
  }

  async function toggle(link: PageLink) {
    try {
      const saved = await api.pageLinks.update({ pageId, linkId: link.id, isActive: !link.isActive })
      put((all) => all.map((one) => (one.id === saved.id ? saved : one)))
    } catch (error) {
      showError(error, s('change.failed', { name: link.title }))
    }
  }

  async function remove(link: PageLink) {
    await api.pageLinks.delete({ pageId, linkId: link.id })
    put((all) => all.filter(({ id }) => id !== link.id))
    showToast({ title: s('links.deleted', { name: link.title }) })
  }

  const add = mayChange && (
    <Button icon={Plus} onClick={() => setOpen({ kind: 'add' })}>
      {s('links.add')}
    </Button>
  )
  return (
    <SettingsSection title={s('links.title')} intro={s('links.intro')}>
      {links.isPending && <RowListSkeleton rows={3} />}
      {links.isError && !links.data && <ErrorState error={links.error} onRetry={() => void links.refetch()} />}
      {links.data?.length === 0 && (
        <EmptyState icon={LinkIcon} title={s('links.none')} action={add}>
          {s('links.none.text')}
        </EmptyState>
      )}
      {links.data && links.data.length > 0 && (
        <>
          <SortableList
            mayChange={mayChange}
            onOrder={(ids) => void reorder(ids)}
            rows={links.data.map((link) => ({
              id: link.id,
              name: link.title,
              icon: pageIcons[link.icon ?? 'link'].icon,
              badge: link.isActive ? undefined : s('hidden'),
              detail: (
                <>
                  <span className="row-address">{link.url}</span> ·{' '}
                  <span className="numeric">{s('link.clicks', { count: link.clickCount })}</span>
                </>
              ),
              actions: (
                <RowMenu
                  name={link.title}
                  onEdit={() => setOpen({ kind: 'edit', link })}
                  toggle={{ isActive: link.isActive, onToggle: () => void toggle(link) }}
                  onDelete={() => setOpen({ kind: 'delete', link })}
                />
              ),
            }))}
          />
          <div>{add}</div>
        </>
      )}
      {(open?.kind === 'add' || open?.kind === 'edit') && (
        <LinkDialog
          pageId={pageId}
          link={open.kind === 'edit' ? open.link : null}
          onClose={() => setOpen(null)}
          onSaved={(saved) =>
            put((all) => [...all.map((one) => (one.id === saved.id ? saved : one)), ...(open.kind === 'add' ? [saved] : [])])
          }
        />
      )}
      {open?.kind === 'delete' && (
        <ConfirmDialog
          open
          onOpenChange={() => setOpen(null)}
          title={s('links.delete.title', { name: open.link.title })}
          text={s('links.delete.text')}
          action={t('ui.delete')}
          onConfirm={() => remove(open.link)}
        />
      )}
    </SettingsSection>
  )
}
