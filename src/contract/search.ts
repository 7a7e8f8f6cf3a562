import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { AgentId, ConversationId, Instant, MessageId, ModelId, WorkspaceId } from './ids.ts'

/** A stretch of a message's text, in pieces: what was found, and what stands around it. */
export const Snippet = z.array(z.object({ text: z.string(), isHit: z.boolean() }))
export type Snippet = z.infer<typeof Snippet>

export const FoundMessage = z.object({
  id: MessageId,
  conversationId: ConversationId,
  conversationTitle: z.string(),
  role: z.enum(['user', 'assistant', 'system']),
  /** The model that answered here, or to this. */
  modelName: z.string().nullable(),
  snippet: Snippet,
  createdAt: Instant,
})
export type FoundMessage = z.infer<typeof FoundMessage>

export const search = {
  /**
   * The best of one's own messages that say all of these words, in any of their forms; what stands in quotation marks stands together. The last word may be
   * the beginning of one, unless a space follows it. A message is found within seconds after it was settled.
   */
  messages: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/search' })
    .meta({ access: { resource: 'message', action: 'read', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        query: z.string().max(200),
        modelId: ModelId.optional().describe('of answers, and of questions to it'),
        agentId: AgentId.optional().describe('of answers, and of questions to it'),
        since: Instant.optional(),
        until: Instant.optional().describe('exclusive'),
        limit: z.coerce.number().int().min(1).max(50).default(20),
      }),
    )
    .output(z.object({ messages: z.array(FoundMessage) }))
    .errors(errors('workspace.not_found', 'model.not_found', 'agent.not_found')),
}
