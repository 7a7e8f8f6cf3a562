import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { type KeyboardEvent, useDeferredValue, useEffect, useState } from 'react'
import type { FoundMessage } from '../../../contract/search.ts'
import { titleOf } from '../../shell/conversation-actions.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { formatAgo } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import type { SearchAddress } from './search-address.ts'
import { SearchFilters } from './search-filters.tsx'
import { searchOptions } from './search-query.ts'
import { SnippetText } from './snippet-text.tsx'
import { s } from './strings.ts'
import './search.css'

const route = getRouteApi('/app/conversations/search')
const most = 50

/** What one wrote and was answered, found as one types; the address says what is looked for. */
export function SearchScreen() {
  const address = route.useSearch()
  const navigate = route.useNavigate()
  const { id: workspaceId } = useWorkspace()
  const [typed, setTyped] = useState(address.q ?? '')
  const wanted = useDeferredValue({ ...address, q: typed })
  const found = useQuery(searchOptions(workspaceId, wanted, most))
  const hasFilters = address.model !== undefined || address.agent !== undefined || address.when !== undefined

  const change = (part: SearchAddress) => void navigate({ search: { ...address, q: typed || undefined, ...part }, replace: true })
  // The way back leads to the same hits.
  useEffect(() => {
    const timer = setTimeout(() => typed !== (address.q ?? '') && change({ q: typed || undefined }), 400)
    return () => clearTimeout(timer)
  })

  const isAsked = typed.trim() !== ''
  const messages = isAsked ? found.data?.messages : undefined
  return (
    <div className="search">
      <ScreenBar title={s('title')} />
      <div className="search-scroll">
        <search>
          <input
            className="input search-input"
            type="text"
            inputMode="search"
            enterKeyHint="search"
            aria-label={s('label')}
            placeholder={s('placeholder')}
            value={typed}
            maxLength={200}
            // The one thing to do here.
            ref={focusOnce}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowDown') return
              event.preventDefault()
              event.currentTarget.closest('.search')?.querySelector<HTMLElement>('.search-hit')?.focus()
            }}
          />
          <SearchFilters address={address} onChange={change} />
        </search>
        <p className="search-count" role="status">
          {messages && messages.length > 0
            ? messages.length === most
              ? s('results.more', { count: most })
              : s('results.count', { count: messages.length })
            : ''}
        </p>
        {!isAsked && (
          <EmptyState icon={Search} title={s('start.title')}>
            {s('start.text')}
          </EmptyState>
        )}
        {isAsked && found.isPending && <RowListSkeleton rows={5} />}
        {isAsked && found.isError && !found.data && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
        {messages?.length === 0 && !found.isPlaceholderData && (
          <EmptyState
            icon={Search}
            title={s('none.title', { query: typed.trim() })}
            action={
              hasFilters && (
                <Button onClick={() => change({ model: undefined, agent: undefined, when: undefined })}>{s('none.clear')}</Button>
              )
            }
          >
            {hasFilters ? s('none.filters') : s('none.text')}
          </EmptyState>
        )}
        {messages && messages.length > 0 && (
          <ul className="search-hits" aria-label={s('results')} onKeyDown={moveInHits}>
            {messages.map((message) => (
              <Hit key={message.id} message={message} />
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

function Hit({ message }: { message: FoundMessage }) {
  return (
    <li>
      <Link
        to="/c/$conversationId"
        params={{ conversationId: message.conversationId }}
        search={{ message: message.id }}
        className="search-hit"
        preload={false}
      >
        <span className="search-hit-head">
          <span className="search-hit-title">{titleOf({ title: message.conversationTitle })}</span>
          <span>{message.role === 'user' ? s('you') : (message.modelName ?? s('model'))}</span>
          <time dateTime={message.createdAt}>{formatAgo(message.createdAt)}</time>
        </span>
        <span className="search-snippet">
          <SnippetText snippet={message.snippet} />
        </span>
      </Link>
    </li>
  )
}

function focusOnce(input: HTMLInputElement | null): void {
  if (!input) return
  input.focus()
  input.select()
}

/** ↑ ↓ Home End move between the hits; above the first one is the field. */
function moveInHits(event: KeyboardEvent<HTMLElement>) {
  if (!(event.target instanceof HTMLAnchorElement)) return
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('.search-hit')]
  const at = links.indexOf(event.target)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key]
  if (to === undefined) return
  event.preventDefault()
  const field = event.currentTarget.closest('.search')?.querySelector<HTMLElement>('.search-input')
  ;(to < 0 ? field : links[to])?.focus()
}
