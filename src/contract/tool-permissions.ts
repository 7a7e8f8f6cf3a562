import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { ConversationId, Instant, ToolPermissionId } from './ids.ts'

/** What a person has answered for good when a tool asked. */
export const ToolPermission = z.object({
  id: ToolPermissionId,
  toolName: z.string(),
  decision: z.enum(['allow', 'deny']),
  /** `agent`: for the person who asks, wherever the same agent answers them. */
  scope: z.enum(['conversation', 'agent']),
  decidedBy: z.string(),
  decidedAt: Instant,
})
export type ToolPermission = z.infer<typeof ToolPermission>

export const toolPermissions = {
  /** What counts in this conversation for the actor: its own, and the actor's for the agents that have answered in it. */
  list: endpoint
    .route({ method: 'GET', path: '/conversations/{id}/tool-permissions' })
    .meta({ access: { resource: 'turn', action: 'read', whose: 'owner' } })
    .input(z.strictObject({ id: ConversationId }))
    .output(z.array(ToolPermission))
    .errors(errors('conversation.not_found')),

  /** From now on the tool asks again. */
  revoke: endpoint
    .route({ method: 'DELETE', path: '/tool-permissions/{id}' })
    .meta({ access: { resource: 'turn', action: 'decide', whose: 'owner' } })
    .input(z.strictObject({ id: ToolPermissionId }))
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('tool-permission.not_found')),
}
