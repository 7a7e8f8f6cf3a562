import { z } from 'zod'
import { endpoint, maxPageSize } from './endpoint.ts'
import { ErrorCode, errors } from './errors.ts'
import { importNotes, importOutcomes } from './import-choices.ts'
import { ConversationId, ImportId, Instant, WorkspaceId } from './ids.ts'

export const ImportSource = z.enum(['parley', 'chatgpt', 'claude'])
export type ImportSource = z.infer<typeof ImportSource>

/** uploading: the file is on its way · pending: waits for a process · stopped: by its owner; what was imported stays. */
export const ImportStatus = z.enum(['uploading', 'pending', 'processing', 'completed', 'failed', 'stopped'])
export type ImportStatus = z.infer<typeof ImportStatus>

export const ImportOutcome = z.enum(importOutcomes)
export type ImportOutcome = z.infer<typeof ImportOutcome>

/** Why a conversation was skipped or failed. */
export const ImportReason = z.enum([
  'is_here',
  'in_trash',
  'changed_here',
  'no_messages',
  'not_understood',
  'too_large',
  'truncated',
  'invalid_json',
  'not_utf8',
  'not_stored',
])
export type ImportReason = z.infer<typeof ImportReason>

/** What was understood and left out, or not understood, with how often. */
export const ImportNote = z.enum(importNotes)
export type ImportNote = z.infer<typeof ImportNote>
export const ImportNotes = z.partialRecord(ImportNote, z.number().int())
export type ImportNotes = z.infer<typeof ImportNotes>

export const Import = z.object({
  id: ImportId,
  workspaceId: WorkspaceId,
  fileName: z.string(),
  sizeBytes: z.number().int(),
  receivedBytes: z.number().int(),
  source: ImportSource.nullable(),
  status: ImportStatus,
  error: ErrorCode.nullable(),
  notes: ImportNotes,
  /** How much of the conversations' text was read, 0 to 1. Null before it is known. */
  progress: z.number().nullable(),
  counts: z.record(ImportOutcome, z.number().int()),
  messages: z.number().int(),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
})
export type Import = z.infer<typeof Import>

/** What became of one conversation of the archive. */
export const ImportItem = z.object({
  position: z.number().int(),
  outcome: ImportOutcome,
  title: z.string(),
  conversationId: ConversationId.nullable(),
  messages: z.number().int(),
  reason: ImportReason.nullable(),
  notes: ImportNotes,
})
export type ImportItem = z.infer<typeof ImportItem>

const byId = z.strictObject({ id: ImportId })
const read = { resource: 'conversation', action: 'read', whose: 'owner' } as const
const create = { resource: 'conversation', action: 'create', whose: 'owner' } as const

/** Conversations from archives of ChatGPT, Claude and Parley. */
export const imports = {
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/imports' })
    .meta({ access: { ...read, whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.array(Import))
    .errors(errors('workspace.not_found')),

  /** Announces a file. Its bytes follow by `upload`, in parts. */
  create: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/imports', successStatus: 201 })
    .meta({ access: { ...create, whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        fileName: z.string().trim().min(1).max(255),
        sizeBytes: z.number().int().min(1),
      }),
    )
    .output(Import)
    .errors(errors('workspace.not_found', 'import.too_many', 'request.too_large')),

  /** The bytes of the file from `offset` on, as they are, at most 8 MB. Once all have arrived the import begins by itself. */
  upload: endpoint
    .route({ method: 'PUT', path: '/imports/{id}/upload/{offset}' })
    .meta({ access: create, takesBytes: true })
    .input(z.strictObject({ id: ImportId, offset: z.coerce.number().int().min(0) }))
    .output(Import)
    .errors(errors('import.not_found', 'import.out_of_step')),

  get: endpoint
    .route({ method: 'GET', path: '/imports/{id}' })
    .meta({ access: read })
    .input(byId)
    .output(Import)
    .errors(errors('import.not_found')),

  /** The report, in the order of the archive. */
  items: endpoint
    .route({ method: 'GET', path: '/imports/{id}/items' })
    .meta({ access: read })
    .input(
      z.strictObject({
        id: ImportId,
        outcome: ImportOutcome.optional(),
        after: z.coerce.number().int().min(-1).default(-1),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(100),
      }),
    )
    .output(z.object({ items: z.array(ImportItem), nextAfter: z.number().int().nullable() }))
    .errors(errors('import.not_found')),

  /** What was imported stays. */
  stop: endpoint
    .route({ method: 'POST', path: '/imports/{id}/stop' })
    .meta({ access: create })
    .input(byId)
    .output(Import)
    .errors(errors('import.not_found', 'import.finished')),

  /** Takes the report away; the conversations stay. */
  delete: endpoint
    .route({ method: 'DELETE', path: '/imports/{id}' })
    .meta({ access: create })
    .input(byId)
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('import.not_found', 'import.running')),
}
