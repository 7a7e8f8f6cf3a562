import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Highlighter } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { highlightColors, highlightKinds } from '../../../contract/mark-choices.ts'
import type { Highlight } from '../../../contract/highlights.ts'
import { query } from '../../api.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { formatAgo } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox, Select } from '../../ui/field.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import type { HighlightFilter } from './highlight-filter.ts'
import { snippet } from './message-highlights.tsx'
import { h } from './strings.ts'
import './highlights.css'

/** Everything the reader marked, the newest first; each leads back to its place. What it is filtered by stands in the address. */
export function HighlightsScreen() {
  const { id: workspaceId } = useWorkspace()
  const filter = useSearch({ from: '/app/conversations/highlights' })
  const navigate = useNavigate()
  const [typed, setTyped] = useState(filter.search ?? '')
  const search = useDeferredValue(typed.trim())
  const { kind, color, pinned } = filter
  const choose = (change: HighlightFilter) => void navigate({ to: '/highlights', search: { ...filter, ...change }, replace: true })

  const list = useInfiniteQuery(
    query.highlights.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        workspaceId,
        ...(kind && { kind }),
        ...(color && { color }),
        ...(pinned && { pinned: 'true' as const }),
        ...(search && { search }),
        ...(cursor === undefined ? {} : { cursor }),
      }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      placeholderData: (before) => before,
    }),
  )
  const found = list.data?.pages.flatMap((page) => page.highlights)
  const isFiltered = kind !== undefined || color !== undefined || pinned === true || search !== ''

  return (
    <>
      <ScreenBar title={h('title')} />
      <div className="highlights-scroll">
        <div className="highlights-page">
          <div className="highlights-filters" role="search">
            <input
              className="input"
              type="search"
              aria-label={h('filter.search')}
              placeholder={h('filter.search')}
              maxLength={200}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value)
                choose({ search: event.target.value.trim() || undefined })
              }}
            />
            <Select
              aria-label={h('filter.kind')}
              value={kind ?? 'all'}
              onChange={(value) => choose({ kind: value === 'all' ? undefined : value })}
              options={(['all', ...highlightKinds] as const).map((value) => ({ value, label: h(`filter.kind.${value}`) }))}
            />
            <Select
              aria-label={h('filter.color')}
              value={color ?? 'all'}
              onChange={(value) => choose({ color: value === 'all' ? undefined : value })}
              options={[
                { value: 'all' as const, label: h('filter.color.all') },
                ...highlightColors.map((value) => ({ value, label: h(`color.${value}`) })),
              ]}
            />
            <Checkbox
              label={h('filter.pinned')}
              isChecked={pinned === true}
              onChange={(isChecked) => choose({ pinned: isChecked || undefined })}
            />
          </div>
          {list.isPending && <RowListSkeleton rows={4} />}
          {list.isError && !found && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
          {found?.length === 0 &&
            (isFiltered ? (
              <EmptyState icon={Highlighter} title={h('list.none.filtered')} />
            ) : (
              <EmptyState icon={Highlighter} title={h('list.none')}>
                {h('list.none.text')}
              </EmptyState>
            ))}
          {found && found.length > 0 && (
            <ul className="highlights-list" aria-label={h('list.label')}>
              {found.map((one) => (
                <Row key={one.id} highlight={one} />
              ))}
            </ul>
          )}
          {list.hasNextPage && (
            <Button isPending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {h('list.more')}
            </Button>
          )}
        </div>
      </div>
    </>
  )
}

function Row({ highlight }: { highlight: Highlight }) {
  const { id, conversationId, conversationTitle, kind, language, color, note, isPinned, textQuote, createdAt } = highlight
  const facts = [conversationTitle || h('untitled'), formatAgo(createdAt), language ?? '', isPinned ? h('pinned') : '']
  return (
    <li>
      <Link to="/c/$conversationId" params={{ conversationId }} search={{ highlight: id }} className="highlights-row" data-kind={kind}>
        <span className="highlight-mark" data-color={color}>
          {snippet(textQuote.exact)}
        </span>
        {note && <span className="highlight-note">{note}</span>}
        <span className="highlights-row-facts">{facts.filter(Boolean).join(' · ')}</span>
      </Link>
    </li>
  )
}
