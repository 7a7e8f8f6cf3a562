import type { StoredPart } from '../../conversations/index.ts'
import { contentOf, isHidden } from './chatgpt-content.ts'
import { idOf, isRecord, type JsonRecord, listOf, recordOf, textOf, timeOf } from './json.ts'
import { Notes, type ReadConversation, type ReadMessage } from './read-conversation.ts'

interface Node {
  id: string
  message: JsonRecord | null
  parentId: string | null
  childIds: string[]
}

/**
 * ChatGPT keeps a tree of nodes. Some hold nothing or are hidden: what follows them follows what is before them. An answer is several nodes in a row (thoughts, calls of tools,
 * their results, words), which are one message here, under the id of the first: it stays the same when the row grows.
 */
export function readChatGpt(value: JsonRecord, mapping: JsonRecord): ReadConversation {
  const notes = new Notes()
  const nodes = nodesOf(mapping)
  const messages: ReadMessage[] = []
  /** The message that a node became part of, or is left out after. */
  const placeOf = new Map<string, string | null>()
  const seen = new Set<string>()

  const roots = [...nodes.values()].filter((node) => node.parentId === null || !nodes.has(node.parentId))
  notes.add('missing_parents', roots.filter((node) => node.parentId !== null).length)
  const waiting: { node: Node; after: string | null; row: ReadMessage | null }[] = roots
    .toReversed()
    .map((node) => ({ node, after: null, row: null }))
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, after } = next
    if (seen.has(node.id)) continue
    seen.add(node.id)
    let place = after
    let row = next.row
    const read = node.message ? readNode(node.message, row, notes) : undefined
    if (read && row && read.role === 'assistant') place = row.id
    else if (read) {
      row = { ...read, id: node.id, parentId: after }
      messages.push(row)
      place = node.id
    }
    placeOf.set(node.id, place)
    const children = node.childIds.flatMap((id) => nodes.get(id) ?? [])
    // Only the first child goes on with a row, or two versions would become one.
    const begun = row?.role === 'assistant' ? row : null
    for (const [index, child] of children.entries().toArray().toReversed())
      waiting.push({ node: child, after: place, row: index === 0 ? begun : null })
  }
  notes.add('circles', nodes.size - seen.size)
  for (const message of messages) if (message.parts.length === 0) notes.add('unknown_content')

  const current = idOf(value['current_node'])
  return {
    source: 'chatgpt',
    externalId: idOf(value['conversation_id']) ?? idOf(value['id']) ?? '',
    title: textOf(value['title']),
    createdAt: timeOf(value['create_time']),
    updatedAt: timeOf(value['update_time']),
    headId: current === null ? null : (placeOf.get(current) ?? null),
    isPinned: value['is_starred'] === true,
    isArchived: value['is_archived'] === true,
    tags: [],
    settings: null,
    messages,
    notes,
  }
}

/** Parents and children as both sides tell them; where they differ, the parent that a node names counts. */
function nodesOf(mapping: JsonRecord): Map<string, Node> {
  const nodes = new Map<string, Node>()
  for (const [key, raw] of Object.entries(mapping)) {
    const id = idOf(key)
    if (!isRecord(raw) || id === null) continue
    nodes.set(id, { id, message: isRecord(raw['message']) ? raw['message'] : null, parentId: idOf(raw['parent']), childIds: [] })
  }
  const listed = new Map<string, Set<string>>()
  for (const [key, raw] of Object.entries(mapping)) {
    const id = idOf(key)
    if (id === null) continue
    const children = listOf(recordOf(raw)['children']).flatMap((child) => idOf(child) ?? [])
    listed.set(id, new Set(children))
    // An old export names children only.
    for (const child of children) {
      const node = nodes.get(child)
      if (node && node.parentId === null && child !== id) node.parentId = id
    }
  }
  for (const [id, children] of listed)
    for (const child of children) if (nodes.get(child)?.parentId === id) nodes.get(id)?.childIds.push(child)
  for (const node of nodes.values())
    if (node.parentId !== null && !listed.get(node.parentId)?.has(node.id)) nodes.get(node.parentId)?.childIds.push(node.id)
  return nodes
}

/** A message of its own, or more of the row of an answer. Undefined: nothing to keep. */
function readNode(message: JsonRecord, row: ReadMessage | null, notes: Notes): Omit<ReadMessage, 'id' | 'parentId'> | undefined {
  const author = textOf(recordOf(message['author'])['role'])
  const metadata = recordOf(message['metadata'])
  const content = recordOf(message['content'])
  if (isHidden(author, metadata, content)) {
    notes.add('hidden_messages')
    return undefined
  }
  const at = timeOf(message['create_time'])
  const model = textOf(metadata['model_slug']).slice(0, 200) || null
  if (author === 'user' || author === 'system') {
    const parts = contentOf(message, [], notes)
    if (parts.length === 0) return undefined
    return { role: author, parts, model: null, at, feedback: null }
  }
  const parts: StoredPart[] = row?.parts ?? []
  const before = parts.length
  parts.push(...contentOf(message, parts, notes))
  if (row) {
    row.model ??= model
    row.at ??= at
    return { role: 'assistant', parts, model, at, feedback: null }
  }
  return parts.length > before ? { role: 'assistant', parts, model, at, feedback: null } : undefined
}
