import type { Conversation } from '../../../contract/conversations.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { copyHistory, findPath, readPath, type SaidElsewhere } from '../conversations/index.ts'
import type { ShareDeps } from './share-deps.ts'
import { listRewritten } from './store.ts'
import { findShare } from './show-share.ts'
import { wordsOf } from './words-of.ts'

const readAtOnce = 200

/** What a link shows as a conversation of the actor's own: its words, so no knowledge, no tools and no key of who shared it. */
export async function forkShare(
  deps: Pick<ShareDeps, 'db' | 'userStreams'>,
  actor: Actor,
  input: { workspaceId: string; token: string },
): Promise<Conversation> {
  check(actor, 'conversation', 'create', { workspaceId: input.workspaceId })
  const share = await findShare(deps, input.token)
  const path = share && (await findPath(deps.db, share.conversation_id, share.message_id, share.is_live))
  if (!share || !path) throw new AppError('share.not_found')
  const history: SaidElsewhere[] = []
  for (let from = 0; from < path.length; from += readAtOnce) {
    const rows = await readPath(deps.db, path, { from, to: from + readAtOnce - 1 })
    const rewritten = await listRewritten(
      deps.db,
      share.conversation_id,
      rows.map(({ id }) => id),
    )
    for (const row of rows) {
      const words = wordsOf(row)
      // The bytes stay with whoever shared them; of a message of files alone their names go along.
      const text = words && (words.text || words.files.map(({ name }) => name).join(', '))
      if (words && text) history.push({ role: words.from === 'person' ? 'user' : 'assistant', text, readAs: rewritten.get(row.id) })
    }
  }
  return copyHistory(deps, actor, { workspaceId: input.workspaceId, title: share.title, history })
}
