import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { ArrowLeft, Copy, SquarePen, Trash2 } from 'lucide-react'
import type { Agent } from '../../../contract/agents.ts'
import type { AgentId } from '../../../contract/ids.ts'
import { api, query } from '../../api.ts'
import { toApiError } from '../../errors.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { LibraryPage } from '../../ui/library.tsx'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState, Notice } from '../../ui/states.tsx'
import { showError } from '../../ui/toast.tsx'
import { AgentPackages } from '../agent-packages/agent-packages.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { fieldsOf, inputOf, noFields } from './agent-fields.ts'
import { AgentForm } from './agent-form.tsx'
import { AgentPicture } from './agent-picture.tsx'
import { AgentSharing } from './agent-sharing.tsx'
import { AgentUsage } from './agent-usage.tsx'
import { AgentVersions, AgentVersionText } from './agent-versions.tsx'
import { PictureField } from './picture-field.tsx'
import { a } from './strings.ts'
import { useDeleteAgent } from './use-delete-agent.ts'
import './agents.css'

/** One agent, or the one that is about to be. */
export function AgentScreen() {
  const { agentId } = useParams({ from: '/app/conversations/agents/$agentId' })
  const navigate = useNavigate()
  return (
    <>
      <ScreenBar
        title={a(agentId === 'new' ? 'new' : 'edit')}
        actions={
          <Button size="s" variant="quiet" icon={ArrowLeft} onClick={() => void navigate({ to: '/agents' })}>
            {a('all')}
          </Button>
        }
      />
      <LibraryPage>{agentId === 'new' ? <NewAgent /> : <LoadedAgent key={agentId} id={agentId as AgentId} />}</LibraryPage>
    </>
  )
}

function NewAgent() {
  const { id: workspaceId } = useWorkspace()
  const navigate = useNavigate()
  const client = useQueryClient()
  return (
    <AgentForm
      initial={noFields}
      draftKey={`agent new ${workspaceId}`}
      label={a('form.create')}
      submit={async (fields) => {
        const made = await api.agents.create({ workspaceId, ...inputOf(fields, noFields) })
        client.setQueryData(query.agents.get.queryKey({ input: { id: made.id } }), made)
        void client.invalidateQueries({ queryKey: query.agents.list.key() })
        await navigate({ to: '/agents/$agentId', params: { agentId: made.id }, replace: true })
      }}
    />
  )
}

function LoadedAgent({ id }: { id: AgentId }) {
  const agent = useQuery(query.agents.get.queryOptions({ input: { id } }))
  // What was read is still here, but it is not to be had any more.
  const isGone = agent.error !== null && toApiError(agent.error).code === 'agent.not_found'
  if (agent.data && !isGone) {
    return (
      <>
        {agent.data.mayEdit ? <EditedAgent agent={agent.data} /> : <SharedAgent agent={agent.data} />}
        <AgentPackages agent={agent.data} />
        <AgentVersions agent={agent.data} />
        {agent.data.mayEdit && agent.data.visibility !== 'server' && <AgentSharing id={id} />}
        {agent.data.mayEdit && <AgentUsage id={id} />}
      </>
    )
  }
  if (agent.error) return <ErrorState error={agent.error} onRetry={() => void agent.refetch()} />
  return <Skeleton width="100%" height="24rem" />
}

function EditedAgent({ agent }: { agent: Agent }) {
  const { id, version } = agent
  const client = useQueryClient()
  const navigate = useNavigate()
  const remove = useDeleteAgent()
  const initial = fieldsOf(agent)
  return (
    <AgentForm
      initial={initial}
      draftKey={`agent ${id}`}
      pinned={agent.current.prompt}
      submit={async (fields) => {
        try {
          const saved = await api.agents.update({ id, ...inputOf(fields, initial), baseVersion: version })
          client.setQueryData(query.agents.get.queryKey({ input: { id } }), saved)
        } catch (error) {
          // What was typed stays, over the version that is there now: saving again is a decision then.
          if (toApiError(error).code === 'agent.changed_meanwhile') await client.invalidateQueries({ queryKey: query.agents.get.key() })
          throw error
        }
        void client.invalidateQueries({ queryKey: query.agents.list.key() })
        void client.invalidateQueries({ queryKey: query.agents.versions.key() })
      }}
      note={a('form.version', { version, next: version + 1 })}
      pictureUrl={agent.pictureUrl}
      picture={<PictureField agent={agent} />}
    >
      <StartAndCopy agent={agent} />
      <IconButton
        icon={Trash2}
        label={a('delete')}
        onClick={() => {
          void remove(agent)
          void navigate({ to: '/agents' })
        }}
      />
    </AgentForm>
  )
}

function SharedAgent({ agent }: { agent: Agent }) {
  return (
    <div className="form">
      <div className="agent-head">
        <AgentPicture agent={agent} size="l" />
        <div>
          <h1>{agent.name}</h1>
          {agent.description && <p>{agent.description}</p>}
        </div>
      </div>
      <Notice>{a('read.only')}</Notice>
      <AgentVersionText version={agent.current} />
      <div className="form-row">
        <StartAndCopy agent={agent} />
      </div>
    </div>
  )
}

function StartAndCopy({ agent: { id, name } }: { agent: Agent }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const workspace = useWorkspace()
  async function duplicate() {
    try {
      const made = await api.agents.duplicate({ id, workspaceId: workspace.id, name: a('duplicate.name', { name }).slice(0, 100) })
      client.setQueryData(query.agents.get.queryKey({ input: { id: made.id } }), made)
      void client.invalidateQueries({ queryKey: query.agents.list.key() })
      await navigate({ to: '/agents/$agentId', params: { agentId: made.id } })
    } catch (error) {
      showError(error, a('duplicate.failed'))
    }
  }
  return (
    <>
      <Button icon={SquarePen} onClick={() => void navigate({ to: '/', search: { agent: id } })}>
        {a('start')}
      </Button>
      <IconButton icon={Copy} label={a('duplicate')} onClick={() => void duplicate()} />
    </>
  )
}
