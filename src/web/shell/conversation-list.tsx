import { useInfiniteQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type KeyboardEvent, type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react'
import { useWorkspace } from '../features/workspaces/current-workspace.ts'
import { t } from '../strings/index.ts'
import { Button } from '../ui/button.tsx'
import { Loading, Skeleton } from '../ui/skeleton.tsx'
import { ErrorState } from '../ui/states.tsx'
import { useConversationActions } from './conversation-actions.ts'
import { conversationList } from './conversation-cache.ts'
import { groupByTime } from './conversation-groups.ts'
import { ConversationRow } from './conversation-row.tsx'
import './conversation-list.css'

export function ConversationList({ search }: { search: string }) {
  const workspace = useWorkspace()
  const shown: string | undefined = useParams({ strict: false }).conversationId
  const actions = useConversationActions()
  const list = useInfiniteQuery(conversationList(workspace.id, { search }))
  const scroller = useRef<HTMLDivElement>(null)

  const conversations = list.data?.pages.flatMap((page) => page.conversations) ?? []
  const groups = groupByTime(conversations)
  // One row is in the order of Tab: the one that had the focus last, else the one that is shown.
  const [focused, setFocused] = useState<string>()
  const tabStop = [focused, shown].find((id) => conversations.some((one) => one.id === id)) ?? conversations[0]?.id

  return (
    <nav
      className="conversations"
      aria-label={t('shell.conversations')}
      ref={scroller}
      // Takes the focus when its last row goes.
      tabIndex={-1}
      onKeyDown={moveInList}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setFocused(undefined)}
    >
      {list.isPending && <ListSkeleton />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && conversations.length === 0 && (
        <p className="conversations-empty">{search === '' ? t('shell.empty') : t('shell.search.none', { search })}</p>
      )}
      {groups.map((group) => (
        <section key={group.label} aria-label={group.label}>
          <h2 className="conversations-group" aria-hidden>
            {group.label}
          </h2>
          <ul>
            {group.items.map((conversation) => (
              <ConversationRow
                key={conversation.id}
                conversation={conversation}
                isCurrent={conversation.id === shown}
                isTabStop={conversation.id === tabStop}
                actions={actions}
                onFocus={() => setFocused(conversation.id)}
              />
            ))}
          </ul>
        </section>
      ))}
      {list.hasNextPage && (
        <LoadMore
          root={scroller}
          hasFailed={list.isFetchNextPageError}
          isLoading={list.isFetchingNextPage}
          onMore={() => !list.isFetchingNextPage && void list.fetchNextPage()}
        />
      )}
    </nav>
  )
}

/** ↑ ↓ Home End move between the conversations, whatever group they are in. */
function moveInList(event: KeyboardEvent<HTMLElement>) {
  if (!(event.target instanceof HTMLAnchorElement)) return
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('.conversation-link')]
  const at = links.indexOf(event.target)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key]
  const link = to === undefined ? undefined : links[to]
  if (!link) return
  event.preventDefault()
  link.focus()
}

function LoadMore({
  root,
  hasFailed,
  isLoading,
  onMore,
}: {
  root: RefObject<HTMLElement | null>
  hasFailed: boolean
  isLoading: boolean
  onMore: () => void
}) {
  const mark = useRef<HTMLDivElement>(null)
  const onSeen = useEffectEvent(onMore)

  useEffect(() => {
    if (hasFailed || isLoading || !mark.current) return
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && onSeen(), { root: root.current, rootMargin: '300px' })
    watcher.observe(mark.current)
    return () => watcher.disconnect()
  }, [root, hasFailed, isLoading])

  return (
    <div ref={mark} className="conversations-more">
      <Button variant="quiet" size="s" isPending={isLoading} onClick={onMore}>
        {t('shell.list.more')}
      </Button>
    </div>
  )
}

export function ListSkeleton() {
  return (
    <Loading>
      {['62%', '84%', '48%', '73%', '57%', '80%', '66%'].map((width) => (
        <div key={width} className="conversation-row conversation-skeleton">
          <Skeleton width={width} />
        </div>
      ))}
    </Loading>
  )
}
