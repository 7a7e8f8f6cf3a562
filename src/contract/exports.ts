import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { ConversationId, WorkspaceId } from './ids.ts'

export const ExportFormat = z.enum(['json', 'markdown'])
export type ExportFormat = z.infer<typeof ExportFormat>

export const exports = {
  /** A file: the whole tree as JSON (`ConversationFile`), or the shown path as Markdown. */
  conversation: endpoint
    .route({ method: 'GET', path: '/conversations/{id}/export' })
    .meta({ access: { resource: 'message', action: 'read', whose: 'owner' } })
    .input(z.strictObject({ id: ConversationId, format: ExportFormat.default('json') }))
    .errors(errors('conversation.not_found')),

  /** How many conversations `all` writes. */
  size: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/export/size' })
    .meta({ access: { resource: 'conversation', action: 'read', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.object({ conversations: z.number().int() }))
    .errors(errors('workspace.not_found')),

  /** A ZIP archive of one's own conversations, written while it is sent: each as JSON and as Markdown, and a manifest. Hanging up stops it. */
  all: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/export' })
    .meta({ access: { resource: 'message', action: 'read', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .errors(errors('workspace.not_found')),
}
