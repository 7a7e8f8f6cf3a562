import { useQuery, useQueryClient } from '@tanstack/react-query'
import { MessageCircleQuestionMark, X } from 'lucide-react'
import { useState } from 'react'
import type { Unanswered } from '../../../../contract/bots.ts'
import type { Page, PageFaq } from '../../../../contract/pages.ts'
import { api, query } from '../../../api.ts'
import { ApiError } from '../../../errors.ts'
import { formatAgo } from '../../../strings/format.ts'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { RowList, RowListSkeleton } from '../../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../../ui/states.tsx'
import { showError, showToast } from '../../../ui/toast.tsx'
import { SettingsSection } from '../../settings/settings-page.tsx'
import { FaqDialog } from '../faq-dialog.tsx'
import { refreshPreview } from '../page-queries.ts'
import { b } from './strings.ts'

interface Props {
  pageId: Page['id']
  mayChange: boolean
  /** The row that had the focus is gone. */
  onRowGone: () => void
}

/** What is read at a glance; the rest on demand. */
const shownAtFirst = 8
const longQuestion = 240
const nameLength = 80
/** What a question of the page may have. */
const faqLength = 500

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length).trimEnd()}…` : text)

export function UnansweredList({ pageId, mayChange, onRowGone }: Props) {
  const client = useQueryClient()
  const open = useQuery(query.bots.listUnanswered.queryOptions({ input: { pageId }, staleTime: 10_000 }))
  const [answering, setAnswering] = useState<Unanswered | null>(null)
  const [isWhole, setWhole] = useState(false)
  const [unfolded, setUnfolded] = useState<Unanswered['id'] | null>(null)
  const key = query.bots.listUnanswered.queryKey({ input: { pageId } })
  const all = open.data ?? []
  const shown = isWhole ? all : all.slice(0, shownAtFirst)

  /** Gone at once; it comes back to its place where the server did not take it off. */
  async function takeOff(one: Unanswered): Promise<boolean> {
    const at = all.findIndex(({ id }) => id === one.id)
    client.setQueryData(key, (list) => list?.filter(({ id }) => id !== one.id))
    onRowGone()
    try {
      await api.bots.dismissUnanswered({ pageId, unansweredId: one.id })
      return true
    } catch (error) {
      // Somebody else was faster.
      if (error instanceof ApiError && error.code === 'unanswered.not_found') return true
      client.setQueryData(key, (list) => list?.filter(({ id }) => id !== one.id).toSpliced(at, 0, one))
      showError(error, b('unanswered.dismiss.failed'))
      return false
    }
  }

  async function dismiss(one: Unanswered) {
    if (await takeOff(one)) showToast({ title: b('unanswered.dismissed') })
  }

  function answered(one: Unanswered, saved: PageFaq) {
    client.setQueryData(query.pageFaq.list.queryKey({ input: { pageId } }), (list) => list && [...list, saved])
    refreshPreview(client)
    void takeOff(one)
  }

  return (
    <SettingsSection title={b('unanswered.title')} intro={b('unanswered.intro')}>
      {open.isPending && <RowListSkeleton rows={2} />}
      {open.isError && !open.data && <ErrorState error={open.error} onRetry={() => void open.refetch()} />}
      {open.data?.length === 0 && (
        <EmptyState icon={MessageCircleQuestionMark} title={b('unanswered.none')}>
          {b('unanswered.none.text')}
        </EmptyState>
      )}
      {shown.length > 0 && (
        <RowList
          rows={shown.map((one) => {
            const name = cut(one.question, nameLength)
            const isFolded = one.question.length > longQuestion && unfolded !== one.id
            return {
              key: one.id,
              title: isFolded ? cut(one.question, longQuestion) : one.question,
              detail: `${b('unanswered.asked', { count: one.timesAsked })} · ${formatAgo(one.lastAskedAt)} · ${b(`unanswered.${one.reason}`)}`,
              note: isFolded && (
                <Button size="s" variant="quiet" onClick={() => setUnfolded(one.id)}>
                  {b('unanswered.whole')}
                </Button>
              ),
              actions: mayChange && (
                <>
                  <Button size="s" aria-label={b('unanswered.answer.label', { question: name })} onClick={() => setAnswering(one)}>
                    {b('unanswered.answer')}
                  </Button>
                  <IconButton icon={X} size="s" label={b('unanswered.dismiss', { question: name })} onClick={() => void dismiss(one)} />
                </>
              ),
            }
          })}
        />
      )}
      {shown.length < all.length && (
        <div>
          <Button onClick={() => setWhole(true)}>{b('unanswered.more', { count: all.length })}</Button>
        </div>
      )}
      {answering && (
        <FaqDialog
          pageId={pageId}
          entry={null}
          question={answering.question.slice(0, faqLength)}
          onClose={() => setAnswering(null)}
          onSaved={(saved) => answered(answering, saved)}
        />
      )}
    </SettingsSection>
  )
}
