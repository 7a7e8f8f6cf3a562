import type { Attachment } from '../../../contract/attachments.ts'
import { AttachmentId } from '../../../contract/ids.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { FileDeps } from './file-deps.ts'
import { presentAttachment } from './present.ts'
import * as store from './store.ts'

const maxTextLength = 200_000

const viewerOf = (actor: Actor): store.Viewer => ({ principalId: actor.principalId, workspaceIds: workspaceIdsOf(actor) })

export async function getAttachment(deps: Pick<FileDeps, 'db'>, actor: Actor, id: string): Promise<Attachment> {
  check(actor, 'message', 'read', 'own')
  return presentAttachment(await findRow(deps, actor, id))
}

export async function listAttachments(
  deps: Pick<FileDeps, 'db'>,
  actor: Actor,
  input: { workspaceId: string; conversationId?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ attachments: Attachment[]; nextCursor: string | null }> {
  const { workspaceId, conversationId, cursor, limit } = input
  check(actor, 'message', 'read', { workspaceId })
  if (conversationId && !(await store.ownsConversation(deps.db, actor.principalId, workspaceId, conversationId)))
    throw new AppError('conversation.not_found')
  const before = cursor ? readCursor(cursor) : null
  const page = { workspaceId, conversationId: conversationId ?? null, before, limit: limit + 1 }
  const rows = await store.list(deps.db, actor.principalId, page)
  const last = rows[limit - 1]
  return {
    attachments: rows.slice(0, limit).map(presentAttachment),
    nextCursor: rows.length > limit && last ? `${last.created_at.getTime()}.${last.id}` : null,
  }
}

/** The row of a file that may be opened: ready or attached. */
export async function findOpenable(deps: Pick<FileDeps, 'db'>, actor: Actor, id: string): Promise<store.AttachmentRow> {
  check(actor, 'message', 'read', 'own')
  const row = await findRow(deps, actor, id)
  if (row.status !== 'ready' && row.status !== 'attached') throw new AppError('attachment.not_found')
  return row
}

export async function readAttachmentText(
  deps: Pick<FileDeps, 'db' | 'files'>,
  actor: Actor,
  id: string,
): Promise<{ text: string | null; isCut: boolean }> {
  const row = await findOpenable(deps, actor, id)
  const text = row.text_key && (await deps.files.read(row.text_key))?.toString('utf8')
  if (!text) return { text: null, isCut: false }
  return { text: text.slice(0, maxTextLength), isCut: text.length > maxTextLength }
}

export type OpenableFile = store.AttachmentRow

/** For whoever has established who may read the conversation. */
export async function findFileOfConversation(db: FileDeps['db'], conversationId: string, id: string): Promise<OpenableFile | undefined> {
  const [row] = isId(id) ? await store.listOfConversation(db, conversationId, [id]) : []
  return row
}

const isId = (text: string) => AttachmentId.safeParse(text).success

async function findRow({ db }: Pick<FileDeps, 'db'>, actor: Actor, id: string): Promise<store.AttachmentRow> {
  const row = await store.find(db, viewerOf(actor), id)
  if (!row) throw new AppError('attachment.not_found')
  return row
}

function readCursor(cursor: string): { at: Date; id: string } {
  const match = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  if (!match) throw new AppError('request.invalid', { issues: [{ path: ['cursor'], message: 'is not a cursor of this list' }] })
  return { at: new Date(Number(match[1])), id: match[2]! }
}
