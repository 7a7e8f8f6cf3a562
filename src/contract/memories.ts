import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { ConversationId, Instant, MemoryId, WorkspaceId } from './ids.ts'
import { maxMemoryLength } from './memory-choices.ts'

/** Of one person in one workspace. */
export const maxMemories = 200

export const Memory = z.object({
  id: MemoryId,
  workspaceId: WorkspaceId,
  text: z.string(),
  /** Null: for every conversation. Else for those with this agent. */
  agentId: z.uuid().nullable(),
  /** Where it was said, if that is still there; null where its owner wrote it. */
  source: z.object({ conversationId: ConversationId, title: z.string() }).nullable(),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Memory = z.infer<typeof Memory>

const byId = z.strictObject({ id: MemoryId })
const text = z.string().trim().min(1).max(maxMemoryLength)
const done = z.object({ ok: z.literal(true) })

/** What models keep of a person for later conversations: theirs alone, to be read, changed and erased. */
export const memories = {
  /** The newest first, all of them: there are at most `maxMemories`. */
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/memories' })
    .meta({ access: { resource: 'memory', action: 'read', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.object({ isOn: z.boolean(), memories: z.array(Memory) }))
    .errors(errors('workspace.not_found')),

  create: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/memories', successStatus: 201 })
    .meta({ access: { resource: 'memory', action: 'create', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId, text }))
    .output(Memory)
    .errors(errors('workspace.not_found', 'memory.too_many')),

  update: endpoint
    .route({ method: 'PATCH', path: '/memories/{id}' })
    .meta({ access: { resource: 'memory', action: 'update', whose: 'owner' } })
    .input(z.strictObject({ id: MemoryId, text }))
    .output(Memory)
    .errors(errors('memory.not_found')),

  /** For good. */
  delete: endpoint
    .route({ method: 'DELETE', path: '/memories/{id}' })
    .meta({ access: { resource: 'memory', action: 'delete', whose: 'owner' } })
    .input(byId)
    .output(done)
    .errors(errors('memory.not_found')),

  /** All of one's own in this workspace, for good. */
  clear: endpoint
    .route({ method: 'DELETE', path: '/workspaces/{workspaceId}/memories' })
    .meta({ access: { resource: 'memory', action: 'delete', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(done)
    .errors(errors('workspace.not_found')),

  /** Off: models are told none and can keep none. What is kept stays. */
  switch: endpoint
    .route({ method: 'PUT', path: '/workspaces/{workspaceId}/memory-switch' })
    .meta({ access: { resource: 'memory', action: 'update', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId, isOn: z.boolean() }))
    .output(done)
    .errors(errors('workspace.not_found')),
}
