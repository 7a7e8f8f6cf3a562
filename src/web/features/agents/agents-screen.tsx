import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Bot, Package, Plus, SquarePen, Trash2 } from 'lucide-react'
import type { AgentSummary } from '../../../contract/agents.ts'
import { query } from '../../api.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { formatAgo } from '../../strings/format.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Library, useLibrarySearch } from '../../ui/library.tsx'
import { can, useMe } from '../people/me.ts'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { AgentPicture } from './agent-picture.tsx'
import { a } from './strings.ts'
import { useDeleteAgent } from './use-delete-agent.ts'
import './agents.css'

/** Everybody that can answer here, the last changed first. */
export function AgentsScreen() {
  const { id: workspaceId } = useWorkspace()
  const navigate = useNavigate()
  const { access } = useMe()
  const looking = useLibrarySearch()
  const { search } = looking
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
          <>
            {can(access, 'server-program', 'create') && (
              <Button
                size="s"
                variant="quiet"
                icon={Package}
                className="agents-install"
                onClick={() => void navigate({ to: '/agents/install' })}
              >
                {a('install')}
              </Button>
            )}
            <Button size="s" icon={Plus} onClick={make}>
              {a('new')}
            </Button>
          </>
        }
      />
      <Library
        list={list}
        found={found}
        looking={looking}
        icon={Bot}
        words={{
          list: a('list.label'),
          search: a('list.search'),
          none: a('list.none'),
          noneText: a('list.none.text'),
          noneFound: a('list.none.found', { search }),
          more: a('list.more'),
        }}
        firstStep={
          <Button variant="primary" icon={Plus} onClick={make}>
            {a('new')}
          </Button>
        }
      >
        {(agent) => <Row key={agent.id} agent={agent} />}
      </Library>
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
    visibility === 'server'
      ? a('list.server')
      : isMine
        ? visibility === 'workspace'
          ? a('list.shared', { name: workspace.name })
          : ''
        : a('list.others', { name: ownerName }),
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
