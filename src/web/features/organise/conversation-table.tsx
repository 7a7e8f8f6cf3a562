import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Archive, ArchiveRestore, MessagesSquare, Pin, Tag, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Conversation } from '../../../contract/conversations.ts'
import { titleOf } from '../../shell/conversation-actions.ts'
import { conversationList } from '../../shell/conversation-cache.ts'
import { formatAgo } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { SelectRow } from './select-row.tsx'
import { o } from './strings.ts'
import { TagDialog } from './tag-dialog.tsx'
import { type BulkChange, useBulk } from './use-bulk.ts'
import { useSelection } from './use-selection.ts'

interface Props {
  workspaceId: Conversation['workspaceId']
  isArchive: boolean
  tag: string | undefined
  tags: readonly string[]
}

export function ConversationTable({ workspaceId, isArchive, tag, tags }: Props) {
  const list = useInfiniteQuery(conversationList(workspaceId, { tag, status: isArchive ? 'archived' : undefined }))
  const conversations = list.data?.pages.flatMap((page) => page.conversations) ?? []
  const selection = useSelection(conversations)
  const bulk = useBulk(workspaceId)
  const [isTagging, setTagging] = useState(false)
  const { selected } = selection
  const isNothing = selected.length === 0

  function change(what: BulkChange) {
    void bulk.change(selected, what)
    selection.clear()
  }

  if (list.isPending) return <RowListSkeleton rows={6} />
  if (list.isError && !list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  const empty = isArchive ? 'empty.archived' : 'empty.active'
  return (
    <>
      <BulkBar count={Math.min(conversations.length, 100)} selected={selected.length} onSelectAll={selection.all}>
        <Button size="s" icon={Pin} disabled={isNothing} onClick={() => change({ isPinned: !selected.every((one) => one.isPinned) })}>
          {o('pin')}
        </Button>
        <Button size="s" icon={Tag} disabled={isNothing} onClick={() => setTagging(true)}>
          {o('tags')}
        </Button>
        <Button
          size="s"
          icon={isArchive ? ArchiveRestore : Archive}
          disabled={isNothing}
          onClick={() => change({ isArchived: !isArchive })}
        >
          {o(isArchive ? 'unarchive' : 'archive')}
        </Button>
        <Button
          size="s"
          icon={Trash2}
          disabled={isNothing}
          onClick={() => {
            void bulk.remove(selected)
            selection.clear()
          }}
        >
          {o('delete')}
        </Button>
      </BulkBar>
      {conversations.length === 0 && (
        <EmptyState icon={isArchive ? Archive : MessagesSquare} title={o(`${empty}.title`)}>
          {o(`${empty}.text`)}
        </EmptyState>
      )}
      <ul className="organise-list" aria-label={o('list')}>
        {conversations.map((one) => (
          <SelectRow
            key={one.id}
            title={titleOf(one)}
            isSelected={selection.has(one.id)}
            onSelect={(isSelected) => selection.toggle(one.id, isSelected)}
          >
            <Link to="/c/$conversationId" params={{ conversationId: one.id }} className="organise-link">
              <span className="organise-title">{titleOf(one)}</span>
              {(one.isPinned || one.tags.length > 0) && (
                <span className="organise-marks">
                  {one.isPinned && <span>{o('pinned')}</span>}
                  {one.tags.map((name) => (
                    <span key={name} className="badge">
                      {name}
                    </span>
                  ))}
                </span>
              )}
            </Link>
            <time dateTime={one.updatedAt}>{formatAgo(one.updatedAt)}</time>
          </SelectRow>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button variant="quiet" isPending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {o('more')}
        </Button>
      )}
      {isTagging && <TagDialog conversations={selected} known={tags} onClose={() => setTagging(false)} onSave={change} />}
    </>
  )
}
