import type { ConversationId, MessageId } from '../../../../contract/ids.ts'
import { api } from '../../../api.ts'
import { changeTranscript, transcriptMoved } from './transcript-query.ts'
import { replaceEnd } from './window.ts'

/** Shows the newest path through `siblingId`, which stands at `depth`. What is above stays where it is. */
export async function showBranch(id: ConversationId, depth: number, siblingId: MessageId): Promise<void> {
  await api.conversations.switchBranch({ id, messageId: siblingId })
  await showAfterChange(id, depth)
}

/** Asks for the path from `depth` on, after something else is shown there. */
export async function showAfterChange(id: ConversationId, depth: number): Promise<void> {
  transcriptMoved(id)
  const page = await api.conversations.messages({ id, after: depth - 1, limit: 50 })
  changeTranscript(id, (window) => ({ ...replaceEnd(window, depth, page.messages), pathLength: page.pathLength }))
}
