import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Bot, Plus, SquarePen, Trash2 } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { AgentSummary } from '../../../contract/agents.ts'
import { query } from '../../api.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { formatAgo } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { RowListSkeleton } from '../../ui/row-list.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { AgentPicture } from './agent-picture.tsx'
import { a } from './strings.ts'
import { useDeleteAgent } from './use-delete-agent.ts'
import '../../ui/field.css'
import './agents.css'

/** Everybody that can answer here, the last changed first. */
export function AgentsScreen() {
  const { id: workspaceId } = useWorkspace()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed.trim())
  const list = useInfiniteQuery(
    query.agents.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ workspaceId, ...(search && { search }), ...(cursor !== undefined && { cursor }) }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  )
  const found = list.data?.pages.flatMap((page) => page.agents)
  const make = () => void navigate({ to: '/agents/$agentId', params: { agentId: 'new' } })

  return (
    <>
      <ScreenBar
        title={a('title')}
        actions={
          <Button size="s" icon={Plus} onClick={make}>
            {a('new')}
          </Button>
        }
      />
      <div className="agents-scroll">
        <div className="agents-page">
          {(search !== '' || (found && found.length > 0)) && (
            <input
              className="input agents-search"
              type="search"
              aria-label={a('list.search')}
              placeholder={a('list.search')}
              maxLength={200}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
          {list.isPending && <RowListSkeleton rows={4} />}
          {list.isError && !found && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
          {found?.length === 0 &&
            (search === '' ? (
              <EmptyState
                icon={Bot}
                title={a('list.none')}
                action={
                  <Button variant="primary" icon={Plus} onClick={make}>
                    {a('new')}
                  </Button>
                }
              >
                {a('list.none.text')}
              </EmptyState>
            ) : (
              <EmptyState icon={Bot} title={a('list.none.found', { search })} />
            ))}
          {found && found.length > 0 && (
            <ul className="agents-list" aria-label={a('list.label')}>
              {found.map((agent) => (
                <Row key={agent.id} agent={agent} />
              ))}
            </ul>
          )}
          {list.hasNextPage && (
            <Button isPending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {a('list.more')}
            </Button>
          )}
        </div>
      </div>
    </>
  )
}

function Row({ agent }: { agent: AgentSummary }) {
  const { id, name, description, isMine, mayEdit, ownerName, visibility, version, updatedAt } = agent
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const remove = useDeleteAgent()
  const facts = [
    a('list.version', { version }),
    a('list.changed', { when: formatAgo(updatedAt) }),
    isMine ? (visibility === 'workspace' ? a('list.shared', { name: workspace.name }) : '') : a('list.others', { name: ownerName }),
  ]
  return (
    <li>
      <Link to="/agents/$agentId" params={{ agentId: id }} className="agents-row">
        <AgentPicture agent={agent} />
        <span className="agents-row-text">
          <span className="agents-name">{name}</span>
          {description && <span className="agents-row-description">{description}</span>}
          <span className="agents-facts">{facts.filter(Boolean).join(' · ')}</span>
        </span>
      </Link>
      <IconButton icon={SquarePen} label={a('list.start', { name })} onClick={() => void navigate({ to: '/', search: { agent: id } })} />
      {mayEdit && <IconButton icon={Trash2} label={`${a('delete')} ${name}`} onClick={() => void remove(agent)} />}
    </li>
  )
}
