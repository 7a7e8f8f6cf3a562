import type { Db } from '../../platform/db/index.ts'
import * as messageStore from './message-store.ts'

export interface Path {
  conversationId: string
  /** Its last message. */
  leaf: { branch_id: string; depth: number }
  length: number
}

/**
 * The path that ends at a message; with `goesOn`, at the head of the conversation where its path runs through that message. Whoever asks has made sure
 * that it may be read.
 */
export async function findPath(db: Db, conversationId: string, messageId: string, goesOn: boolean): Promise<Path | undefined> {
  const end = await messageStore.findMessage(db, conversationId, messageId)
  if (!end) return undefined
  const head = goesOn ? await messageStore.findHead(db, conversationId) : undefined
  const leaf = head && (await messageStore.isOnPath(db, head, end)) ? head : end
  return { conversationId, leaf, length: leaf.depth + 1 }
}

/** Whether a message is on it. */
export async function isOnPath(db: Db, { conversationId, leaf }: Path, messageId: string): Promise<boolean> {
  const message = await messageStore.findMessage(db, conversationId, messageId)
  return message !== undefined && messageStore.isOnPath(db, leaf, message)
}

/** What was said on it between two depths, oldest first. */
export function readPath(db: Db, { conversationId, leaf }: Path, range: { from: number; to: number }): Promise<messageStore.MessageRow[]> {
  return messageStore.listPath(db, conversationId, leaf, range)
}
