import type { ConversationId, MessageId } from '../../../../contract/ids.ts'
import { api } from '../../../api.ts'
import { toApiError } from '../../../errors.ts'
import { changeTranscript, readTranscript, transcriptMoved } from './transcript-query.ts'
import { addPage, emptyWindow } from './window.ts'

export interface FoundPlace {
  depth: number
  /** It was on another branch, which is shown now. */
  hasSwitched: boolean
}

/** Loads a message with what stands around it. One that is on another branch has that branch shown, since there is no other way to read on from it. */
export async function findMessage(id: ConversationId, messageId: MessageId): Promise<FoundPlace> {
  const known = [...(readTranscript(id)?.messages.values() ?? [])].find((message) => message.id === messageId)
  if (known) return { depth: known.depth, hasSwitched: false }
  const isThere = await loadAroundMessage(id, messageId, false)
  if (isThere !== undefined) return { depth: isThere, hasSwitched: false }
  await api.conversations.switchBranch({ id, messageId })
  transcriptMoved(id)
  const depth = await loadAroundMessage(id, messageId, true)
  return { depth: depth ?? 0, hasSwitched: true }
}

async function loadAroundMessage(id: ConversationId, around: MessageId, isNewBranch: boolean): Promise<number | undefined> {
  try {
    const page = await api.conversations.messages({ id, around, limit: 50 })
    changeTranscript(id, (window) => addPage(isNewBranch ? emptyWindow : window, page))
    return page.messages.find((message) => message.id === around)?.depth
  } catch (error) {
    if (toApiError(error).code === 'message.not_found' && !isNewBranch) return undefined
    throw error
  }
}
