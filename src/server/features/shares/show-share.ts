import type { SharedContent, SharedMessage } from '../../../page/index.ts'
import { findPath, isOnPath, readPath } from '../conversations/index.ts'
import { findFileOfConversation, type OpenableFile } from '../files/index.ts'
import type { ShareDeps } from './share-deps.ts'
import { readToken } from './share-token.ts'
import * as store from './store.ts'
import { wordsOf } from './words-of.ts'

/** So much of a conversation stands on one page. */
const pageSize = 40

/** What whoever has the link reads: words, and nothing of how they came about. Undefined where the link leads nowhere. */
export async function showShare(deps: Pick<ShareDeps, 'db'>, token: string, page: number): Promise<SharedContent | undefined> {
  const share = await findShare(deps, token)
  const path = share && (await findPath(deps.db, share.conversation_id, share.message_id, share.is_live))
  if (!share || !path) return undefined
  const pages = Math.ceil(path.length / pageSize)
  if (page > pages) return undefined
  const from = (page - 1) * pageSize
  const rows = await readPath(deps.db, path, { from, to: from + pageSize - 1 })
  return {
    path: `/s/${token}`,
    forkPath: `/shared/${token}`,
    title: share.title,
    isIndexed: share.is_indexed,
    page,
    pages,
    messages: rows
      .map((row): SharedMessage | null => wordsOf(row, (id) => `/s/${token}/files/${id}`))
      .filter((message) => message !== null),
  }
}

/** A file of a message that the link shows, now. */
export async function findSharedFile(deps: Pick<ShareDeps, 'db'>, token: string, attachmentId: string): Promise<OpenableFile | undefined> {
  const share = await findShare(deps, token)
  const file = share && (await findFileOfConversation(deps.db, share.conversation_id, attachmentId))
  const path = file?.message_id ? await findPath(deps.db, share!.conversation_id, share!.message_id, share!.is_live) : undefined
  return path && (await isOnPath(deps.db, path, file!.message_id!)) ? file : undefined
}

export async function findShare(deps: Pick<ShareDeps, 'db'>, token: string): Promise<store.ShareRow | undefined> {
  const hash = readToken(token)
  return hash && store.findByToken(deps.db, hash)
}
