import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Hourglass } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { FilePart } from '../../../contract/messages.ts'
import type { AgentId, ModelId, WorkspaceId } from '../../../contract/ids.ts'
import type { WebSearch } from '../../../contract/web-search.ts'
import { api, query } from '../../api.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { showError } from '../../ui/toast.tsx'
import { AgentIntro, AgentStarters } from '../agents/agent-intro.tsx'
import { AgentPicker } from '../agents/agent-picker.tsx'
import { useAgent } from '../agents/use-agents.ts'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { Composer } from './composer/composer.tsx'
import { useDraft } from './composer/drafts.ts'
import { NewSearchSwitch } from './composer/search-switch.tsx'
import { Hint } from './composer/hint.tsx'
import { useAnsweringModel } from './composer/models.ts'
import { send } from './live/outbox.ts'
import { startLive } from './live/start-live.ts'
import { emptyWindow, transcriptKey } from './transcript/window.ts'
import './screen.css'

/** A sentence, a box and a button. */
export function NewConversationScreen({ agentId }: { agentId?: string | undefined }) {
  const { id } = useWorkspace()
  // Each workspace has its own draft and its own models.
  return <NewConversation key={id} workspaceId={id} agentId={(agentId ?? null) as AgentId | null} />
}

function NewConversation({ workspaceId, agentId }: { workspaceId: WorkspaceId; agentId: AgentId | null }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [chosen, setChosen] = useDraft(`model.new.${workspaceId}`)
  const [isSending, setSending] = useState(false)
  const [isTemporary, setTemporary] = useState(false)
  const [search, setSearch] = useState<WebSearch | null>(null)
  const { agent } = useAgent(agentId)
  const model = useAnsweringModel(chosen === '' ? agent?.current.modelId : (chosen as ModelId))
  // A choice of an earlier visit may be of a model that is gone; then it is the one that is shown.
  const modelId = chosen === '' || (model && model.id !== chosen) ? undefined : (chosen as ModelId)
  useEffect(startLive, [])

  async function begin(text: string, files: readonly FilePart[]): Promise<boolean> {
    setSending(true)
    try {
      const conversation = await api.conversations.create({
        workspaceId,
        isTemporary,
        ...(modelId === undefined ? {} : { modelId }),
        ...(agent && { agentId: agent.id }),
        ...(search && { webSearch: search }),
      })
      // Both are known: a conversation that was just made is empty. So its screen is drawn at once, with the message on its way.
      client.setQueryData(query.conversations.get.queryKey({ input: { id: conversation.id } }), conversation)
      client.setQueryData(transcriptKey(conversation.id), emptyWindow)
      send({ conversationId: conversation.id, text, files, ...(modelId === undefined ? {} : { modelId }) })
      setChosen('')
      await navigate({ to: '/c/$conversationId', params: { conversationId: conversation.id } })
      return true
    } catch (error) {
      setSending(false)
      showError(error, t('conversation.new.failed'))
      return false
    }
  }

  return (
    <>
      <ScreenBar
        title={t('conversation.untitled')}
        actions={
          <Button
            size="s"
            variant={isTemporary ? 'secondary' : 'quiet'}
            icon={Hourglass}
            aria-pressed={isTemporary}
            onClick={() => setTemporary(!isTemporary)}
          >
            {t('conversation.temporary')}
          </Button>
        }
      >
        <h1 className="visually-hidden">{t('conversation.untitled')}</h1>
      </ScreenBar>
      <div className="new-conversation">
        {agent && !isTemporary ? (
          <AgentIntro agent={agent} />
        ) : (
          <h2 className="new-conversation-title">{t(isTemporary ? 'conversation.temporary.title' : 'conversation.new.title')}</h2>
        )}
        {isTemporary && <p className="new-conversation-note">{t('conversation.temporary.help')}</p>}
        <Composer
          draftKey={`new.${workspaceId}`}
          workspaceId={workspaceId}
          placeholder={t('conversation.composer.placeholder.new')}
          hint={<Hint model={model} answer={undefined} state={undefined} isTypedElsewhere={false} />}
          model={model}
          onModel={setChosen}
          agentPicker={
            <AgentPicker value={agentId} onChange={(id) => void navigate({ to: '/', search: id === null ? {} : { agent: id } })} />
          }
          searchSwitch={<NewSearchSwitch model={model} agent={agent} chosen={search} onChoose={setSearch} />}
          onSend={begin}
          isSending={isSending}
        />
        {agent && <AgentStarters agent={agent} onChoose={(text) => isSending || void begin(text, [])} />}
      </div>
    </>
  )
}
