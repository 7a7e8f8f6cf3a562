import type { AgentId } from '../../../../contract/ids.ts'
import type { Message } from '../../../../contract/messages.ts'
import { api, query } from '../../../api.ts'
import { queryClient } from '../../../query-client.ts'
import { send } from '../live/outbox.ts'
import { textOf } from '../transcript/message-text.ts'
import { childrenOf } from './use-children.ts'

/** So much of a message goes along with the question; the whole is a press away. */
const maxQuoteLength = 4000

/** Begins a child conversation with a question about a message, which is quoted in it. An agent is asked with its own model. */
export async function beginAside(message: Message, question: string, agentId?: AgentId): Promise<void> {
  const { conversationId } = message
  const parent = await queryClient.ensureQueryData(query.conversations.get.queryOptions({ input: { id: conversationId } }))
  const choice = { ...(agentId && { agentId }), ...(!agentId && parent.modelId && { modelId: parent.modelId }) }
  const child = await api.conversations.create({
    workspaceId: parent.workspaceId,
    spawnedByMessageId: message.id,
    title: question.slice(0, 80),
    ...choice,
  })
  queryClient.setQueryData(childrenOf(conversationId).queryKey, (known) => [...(known ?? []), { conversation: child, state: null }])
  send({
    conversationId: child.id,
    text: `${quoted(textOf(message.parts))}${question}`,
    ...(choice.modelId && { modelId: choice.modelId }),
  })
}

function quoted(text: string): string {
  if (text.trim() === '') return ''
  const shown = text.length > maxQuoteLength ? `${text.slice(0, maxQuoteLength)} …` : text
  return `${shown.trim().replaceAll(/^/gm, '> ')}\n\n`
}
