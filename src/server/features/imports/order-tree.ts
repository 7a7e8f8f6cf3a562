import type { ReadMessage, Notes } from './formats/read-conversation.ts'

/**
 * The messages of an archive with parents before what follows them and versions of one place in their order, whatever the archive says: of equal ids the first counts, what names
 * a parent that is not there begins the conversation, and what stands in a circle is left out.
 */
export function orderTree(messages: readonly ReadMessage[], notes: Notes): ReadMessage[] {
  const byId = new Map<string, ReadMessage>()
  for (const message of messages) {
    if (byId.has(message.id)) notes.add('duplicate_ids')
    else byId.set(message.id, message)
  }
  const childrenOf = new Map<string | null, ReadMessage[]>()
  for (const message of byId.values()) {
    let parent = message.parentId
    if (parent !== null && !byId.has(parent)) {
      notes.add('missing_parents')
      parent = null
    }
    const row = parent === message.parentId ? message : { ...message, parentId: parent }
    const siblings = childrenOf.get(parent)
    if (siblings) siblings.push(row)
    else childrenOf.set(parent, [row])
  }
  // Not by recursion: a conversation may be a hundred thousand messages deep.
  const ordered: ReadMessage[] = []
  const waiting = (childrenOf.get(null) ?? []).toReversed()
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    ordered.push(next)
    const children = childrenOf.get(next.id)
    if (children) for (let index = children.length - 1; index >= 0; index--) waiting.push(children[index]!)
  }
  notes.add('circles', byId.size - ordered.length)
  return ordered
}
