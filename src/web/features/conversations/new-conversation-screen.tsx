import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { ModelId } from '../../../contract/ids.ts'
import { api, query } from '../../api.ts'
import { ScreenBar } from '../../shell/screen-bar.tsx'
import { t } from '../../strings/index.ts'
import { showError } from '../../ui/toast.tsx'
import { useWorkspace } from '../workspaces/current-workspace.ts'
import { Composer } from './composer/composer.tsx'
import { Hint } from './composer/hint.tsx'
import { useAnsweringModel } from './composer/models.ts'
import { send } from './live/outbox.ts'
import { startLive } from './live/start-live.ts'
import { emptyWindow, transcriptKey } from './transcript/window.ts'
import './screen.css'

/** A sentence, a box and a button. */
export function NewConversationScreen() {
  const { id: workspaceId } = useWorkspace()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [modelId, setModelId] = useState<ModelId>()
  const [isSending, setSending] = useState(false)
  const model = useAnsweringModel(modelId)
  useEffect(startLive, [])

  async function begin(text: string): Promise<boolean> {
    setSending(true)
    try {
      const conversation = await api.conversations.create({ workspaceId, ...(modelId === undefined ? {} : { modelId }) })
      // Both are known: a conversation that was just made is empty. So its screen is drawn at once, with the message on its way.
      client.setQueryData(query.conversations.get.queryKey({ input: { id: conversation.id } }), conversation)
      client.setQueryData(transcriptKey(conversation.id), emptyWindow)
      send({ conversationId: conversation.id, text, ...(modelId === undefined ? {} : { modelId }) })
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
      <ScreenBar title={t('conversation.untitled')}>
        <h1 className="visually-hidden">{t('conversation.untitled')}</h1>
      </ScreenBar>
      <div className="new-conversation">
        <h2 className="new-conversation-title">{t('conversation.new.title')}</h2>
        <Composer
          draftKey={`new.${workspaceId}`}
          placeholder={t('conversation.composer.placeholder.new')}
          hint={<Hint model={model} answer={undefined} state={undefined} isTypedElsewhere={false} />}
          model={model}
          onModel={setModelId}
          onSend={begin}
          isSending={isSending}
        />
      </div>
    </>
  )
}
