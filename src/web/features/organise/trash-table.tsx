import { useInfiniteQuery } from '@tanstack/react-query'
import { Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { Conversation, TrashedConversation } from '../../../contract/conversations.ts'
import { query } from '../../api.ts'
import { titleOf } from '../../shell/conversation-actions.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { SelectRow } from './select-row.tsx'
import { o } from './strings.ts'
import { useBulk } from './use-bulk.ts'
import { useSelection } from './use-selection.ts'

/** What was deleted, and how long it can still be brought back. */
export function TrashTable({ workspaceId }: { workspaceId: Conversation['workspaceId'] }) {
  const trash = useInfiniteQuery(
    query.conversations.listTrash.infiniteOptions({
      input: (cursor: string | undefined) => ({ workspaceId, ...(cursor === undefined ? {} : { cursor }) }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
  )
  const conversations = trash.data?.pages.flatMap((page) => page.conversations) ?? []
  const selection = useSelection(conversations)
  const bulk = useBulk(workspaceId)
  const [isEmptying, setEmptying] = useState(false)

  if (trash.isPending) return <RowListSkeleton rows={4} />
  if (trash.isError && !trash.data) return <ErrorState error={trash.error} onRetry={() => void trash.refetch()} />
  if (conversations.length === 0) {
    return (
      <EmptyState icon={Trash2} title={o('empty.trash.title')}>
        {o('empty.trash.text')}
      </EmptyState>
    )
  }
  return (
    <>
      <BulkBar count={Math.min(conversations.length, 100)} selected={selection.selected.length} onSelectAll={selection.all}>
        <Button
          size="s"
          icon={Undo2}
          disabled={selection.selected.length === 0}
          onClick={() => {
            void bulk.restore(selection.selected.map(({ id }) => id))
            selection.clear()
          }}
        >
          {o('restore')}
        </Button>
        <Button size="s" icon={Trash2} onClick={() => setEmptying(true)}>
          {o('trash.empty')}
        </Button>
      </BulkBar>
      <ul className="organise-list" aria-label={o('status.trash')}>
        {conversations.map((one) => (
          <SelectRow
            key={one.id}
            title={titleOf(one)}
            isSelected={selection.has(one.id)}
            onSelect={(isSelected) => selection.toggle(one.id, isSelected)}
          >
            <span className="organise-link">
              <span className="organise-title">{titleOf(one)}</span>
              <span className="organise-marks">{daysLeft(one)}</span>
            </span>
          </SelectRow>
        ))}
      </ul>
      {trash.hasNextPage && (
        <Button variant="quiet" isPending={trash.isFetchingNextPage} onClick={() => void trash.fetchNextPage()}>
          {o('more')}
        </Button>
      )}
      <ConfirmDialog
        open={isEmptying}
        onOpenChange={setEmptying}
        title={o('trash.empty.title')}
        text={o('trash.empty.text')}
        action={o('trash.empty')}
        onConfirm={bulk.emptyTrash}
      />
    </>
  )
}

function daysLeft({ purgedAt }: TrashedConversation): string {
  const count = Math.ceil((Date.parse(purgedAt) - Date.now()) / 86_400_000)
  return count < 2 ? o('trash.soon') : o('trash.days', { days: count })
}
