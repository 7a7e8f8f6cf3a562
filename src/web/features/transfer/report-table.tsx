import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ListChecks } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { Import, ImportItem } from '../../../contract/imports.ts'
import { query } from '../../api.ts'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import type { Outcome } from './report-address.ts'
import { s } from './strings.ts'
import { notesInWords } from './words.ts'

const rowHeight = 60

/** The report, row by row: only what is seen is in the page, and the next rows are asked for as it scrolls. */
export function ReportTable({ importId, outcome }: { importId: Import['id']; outcome: Outcome | undefined }) {
  const scroll = useRef<HTMLDivElement>(null)
  const list = useInfiniteQuery(
    query.imports.items.infiniteOptions({
      input: (after: number) => ({ id: importId, after, limit: 100, ...(outcome && { outcome }) }),
      initialPageParam: -1,
      getNextPageParam: (page) => page.nextAfter ?? undefined,
    }),
  )
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => items[index]!.position,
    overscan: 8,
  })
  const rows = virtualizer.getVirtualItems()
  const isNearEnd = (rows.at(-1)?.index ?? 0) >= items.length - 20
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [isNearEnd, hasNextPage, isFetchingNextPage, fetchNextPage])

  if (list.isPending) return <RowListSkeleton rows={6} />
  if (list.isError && !list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  if (items.length === 0)
    return (
      <EmptyState icon={ListChecks} title={s(outcome ? 'report.none.outcome' : 'report.none')}>
        {outcome ? null : s('report.none.text')}
      </EmptyState>
    )
  return (
    // What scrolls must be reachable without a mouse.
    <div className="report-scroll" ref={scroll} tabIndex={0} role="region" aria-label={s('report.table')}>
      <ul className="report-rows" style={{ height: virtualizer.getTotalSize() }}>
        {rows.map(({ index, start, key }) => (
          <ReportRow key={key} item={items[index]!} start={start} count={hasNextPage ? -1 : items.length} index={index} />
        ))}
      </ul>
    </div>
  )
}

function ReportRow({ item, start, index, count }: { item: ImportItem; start: number; index: number; count: number }) {
  const title = item.title || s('report.untitled')
  const facts = [
    item.reason ? s(`reason.${item.reason}`) : '',
    item.messages > 0 ? s('report.messages', { count: item.messages }) : '',
    ...notesInWords(item.notes),
  ].filter(Boolean)
  return (
    <li
      className="report-row"
      style={{ transform: `translateY(${start}px)`, height: rowHeight }}
      aria-posinset={index + 1}
      aria-setsize={count}
    >
      <span className="report-text">
        {item.conversationId ? (
          <Link to="/c/$conversationId" params={{ conversationId: item.conversationId }} className="report-title">
            {title}
          </Link>
        ) : (
          <span className="report-title">{title}</span>
        )}
        <span className="report-facts" title={facts.join(' · ')}>
          {facts.join(' · ')}
        </span>
      </span>
      <span className="badge" data-tone={item.outcome === 'failed' ? 'danger' : undefined}>
        {s(`outcome.${item.outcome}`)}
      </span>
    </li>
  )
}
