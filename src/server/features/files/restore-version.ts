import type { Attachment } from '../../../contract/attachments.ts'
import type { FilePart } from '../../../contract/messages.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import type { FileDeps } from './file-deps.ts'
import { presentAttachment, toFilePart } from './present.ts'
import * as store from './store.ts'
import * as versions from './version-store.ts'

/** Makes an earlier version the newest of its name once more; what came after it stays. Its owner does, and nothing happens where it is the newest. */
export async function restoreVersion(
  deps: Pick<FileDeps, 'db'>,
  actor: Actor,
  id: string,
): Promise<{ attachment: Attachment; part: FilePart }> {
  check(actor, 'turn', 'create', 'own')
  const row = await deps.db.transaction().execute(async (tx) => {
    const wanted = await store.find(tx, { principalId: actor.principalId, workspaceIds: workspaceIdsOf(actor) }, id)
    if (wanted?.status !== 'attached' || wanted.conversation_id === null) throw new AppError('attachment.not_found')
    const { workspace_id: workspaceId, conversation_id: conversationId, name } = wanted
    if (!(await store.ownsConversation(tx, actor.principalId, workspaceId, conversationId))) throw new AppError('attachment.not_found')
    await versions.lockUsage(tx, workspaceId, actor.principalId)
    const newest = await versions.newestOf(tx, conversationId, name)
    if (!newest?.message_id || newest.file_id === wanted.file_id) return wanted
    return versions.attach(tx, {
      id: newId(),
      workspaceId,
      conversationId,
      messageId: newest.message_id,
      userId: actor.principalId,
      fileId: wanted.file_id,
      name,
      replacesId: newest.id,
      version: newest.version + 1,
    })
  })
  return { attachment: presentAttachment(row), part: toFilePart(row, row.id) }
}
