import type { FilePart } from '../../../contract/messages.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, isGuest } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import { toFilePart } from './present.ts'
import * as store from './store.ts'

/** What an accept makes of it; see `attach_files` in the migrations. `source`: the attachment whose file is shared. */
export interface Claim {
  id: string
  source: string | null
}

export interface FilesOfMessage {
  parts: FilePart[]
  claims: Claim[]
}

/**
 * The actor's files for a message: one that was not sent yet is claimed as it is, one that stands in this conversation already is shared. The accept asks
 * the same again under its locks. Errors: `attachment.not_found`, `attachment.not_ready`.
 */
export async function prepareAttachments(
  { db }: Pick<Deps, 'db'>,
  actor: Actor,
  { id: conversationId, workspaceId }: { id: string; workspaceId: string },
  ids: readonly string[],
): Promise<FilesOfMessage> {
  if (isGuest(actor)) throw new AppError('attachment.not_found')
  const wanted = [...new Set(ids)]
  const rows = await store.listOwn(db, actor.principalId, wanted, workspaceId)
  if (rows.length < wanted.length) throw new AppError('attachment.not_found')
  const parts: FilePart[] = []
  const claims: Claim[] = []
  for (const row of rows) {
    const isSent = row.status === 'attached' && row.conversation_id === conversationId
    if (!isSent && row.status !== 'ready') throw new AppError('attachment.not_ready')
    const claim = isSent ? { id: newId(), source: row.id } : { id: row.id, source: null }
    claims.push(claim)
    parts.push(toFilePart(row, claim.id))
  }
  return { parts, claims }
}

interface MessageWithParts {
  id: string
  parts: { type: string; attachmentId?: string }[]
}

/**
 * Gives messages that were copied into another conversation attachments of their own, which share the files: the origin may go. Answers with the messages whose parts
 * changed.
 */
export async function copyAttachments<Message extends MessageWithParts>(
  tx: Tx,
  to: { conversationId: string; workspaceId: string; userId: string },
  messages: readonly Message[],
): Promise<Message[]> {
  const copies: { id: string; source: string; messageId: string }[] = []
  const changed = messages.map((message) => ({
    ...message,
    parts: message.parts.map((part) => {
      if (part.type !== 'file' || part.attachmentId === undefined) return part
      const id = newId()
      copies.push({ id, source: part.attachmentId, messageId: message.id })
      return { ...part, attachmentId: id }
    }),
  }))
  await store.copy(tx, to, copies)
  return changed
}

export { hasAttached } from './store.ts'
