import { useQuery, useQueryClient } from '@tanstack/react-query'
import { MessageCircleQuestionMark, Plus } from 'lucide-react'
import { useState } from 'react'
import type { Page, PageFaq } from '../../../contract/pages.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { SettingsSection } from '../settings/settings-page.tsx'
import { FaqDialog } from './faq-dialog.tsx'
import { refreshPreview } from './page-queries.ts'
import { RowMenu } from './row-menu.tsx'
import { SortableList } from './sortable-list.tsx'
import { s } from './strings.ts'

type Open = { kind: 'add' } | { kind: 'edit' | 'delete'; entry: PageFaq }

export function FaqList({ pageId, mayChange }: { pageId: Page['id']; mayChange: boolean }) {
  const client = useQueryClient()
  const faq = useQuery(query.pageFaq.list.queryOptions({ input: { pageId } }))
  const [open, setOpen] = useState<Open | null>(null)
  const key = query.pageFaq.list.queryKey({ input: { pageId } })

  function put(next: (all: readonly PageFaq[]) => PageFaq[]) {
    client.setQueryData(key, (all) => all && next(all))
    refreshPreview(client)
  }

  async function reorder(faqIds: PageFaq['id'][]) {
    const before = client.getQueryData(key)
    put((all) => faqIds.flatMap((id) => all.find((entry) => entry.id === id) ?? []))
    try {
      const saved = await api.pageFaq.reorder({ pageId, faqIds })
      put(() => saved)
    } catch (error) {
      client.setQueryData(key, before)
      showError(error, s('order.failed'))
    }
  }

  async function toggle(entry: PageFaq) {
    try {
      const saved = await api.pageFaq.update({ pageId, faqId: entry.id, isActive: !entry.isActive })
      put((all) => all.map((one) => (one.id === saved.id ? saved : one)))
    } catch (error) {
      showError(error, s('change.failed', { name: entry.question }))
    }
  }

  async function remove(entry: PageFaq) {
    await api.pageFaq.delete({ pageId, faqId: entry.id })
    put((all) => all.filter(({ id }) => id !== entry.id))
    showToast({ title: s('links.deleted', { name: entry.question }) })
  }

  const add = mayChange && (
    <Button icon={Plus} onClick={() => setOpen({ kind: 'add' })}>
      {s('faq.add')}
    </Button>
  )
  return (
    <SettingsSection title={s('faq.title')} intro={s('faq.intro')}>
      {faq.isPending && <RowListSkeleton rows={3} />}
      {faq.isError && !faq.data && <ErrorState error={faq.error} onRetry={() => void faq.refetch()} />}
      {faq.data?.length === 0 && (
        <EmptyState icon={MessageCircleQuestionMark} title={s('faq.none')} action={add}>
          {s('faq.none.text')}
        </EmptyState>
      )}
      {faq.data && faq.data.length > 0 && (
        <>
          <SortableList
            mayChange={mayChange}
            onOrder={(ids) => void reorder(ids)}
            rows={faq.data.map((entry) => ({
              id: entry.id,
              name: entry.question,
              badge: entry.isActive ? undefined : s('hidden'),
              detail: entry.category,
              actions: (
                <RowMenu
                  name={entry.question}
                  onEdit={() => setOpen({ kind: 'edit', entry })}
                  toggle={{ isActive: entry.isActive, onToggle: () => void toggle(entry) }}
                  onDelete={() => setOpen({ kind: 'delete', entry })}
                />
              ),
            }))}
          />
          <div>{add}</div>
        </>
      )}
      {(open?.kind === 'add' || open?.kind === 'edit') && (
        <FaqDialog
          pageId={pageId}
          entry={open.kind === 'edit' ? open.entry : null}
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
          title={s('links.delete.title', { name: open.entry.question })}
          text={s('faq.delete.text')}
          action={t('ui.delete')}
          onConfirm={() => remove(open.entry)}
        />
      )}
    </SettingsSection>
  )
}
