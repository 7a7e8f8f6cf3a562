import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Link2 } from 'lucide-react'
import { query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { RowList, RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { shareRow } from './share-row.tsx'
import { s } from './strings.ts'

/** Everything that somebody gave away by a link, and the way to take it back. */
export function ShareSettings() {
  const client = useQueryClient()
  const { id: workspaceId } = useWorkspace()
  const list = useInfiniteQuery(
    query.shares.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ workspaceId, ...(cursor === undefined ? {} : { cursor }) }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
  )
  const shares = list.data?.pages.flatMap((page) => page.shares)
  return (
    <SettingsPage title={t('settings.shares')} intro={s('settings.intro')}>
      {list.isPending && <RowListSkeleton rows={3} />}
      {list.isError && !shares && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {shares?.length === 0 && (
        <EmptyState icon={Link2} title={s('settings.none')}>
          {s('settings.none.text')}
        </EmptyState>
      )}
      {shares && shares.length > 0 && (
        <RowList
          rows={shares.map((share) => {
            const title = share.conversationTitle || s('untitled')
            const row = shareRow(share, title, () => void client.invalidateQueries({ queryKey: query.shares.key() }))
            return {
              ...row,
              detail: (
                <>
                  {row.detail}
                  {' · '}
                  <Link to="/c/$conversationId" params={{ conversationId: share.conversationId }} aria-label={s('open.label', { title })}>
                    {s('open')}
                  </Link>
                </>
              ),
            }
          })}
        />
      )}
      {list.hasNextPage && (
        <div>
          <Button isPending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {s('settings.more')}
          </Button>
        </div>
      )}
    </SettingsPage>
  )
}
