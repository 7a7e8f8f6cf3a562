import { ConversationChoices } from '../../../../contract/conversation-settings.ts'
import { Feedback, Part } from '../../../../contract/messages.ts'
import type { StoredPart } from '../../conversations/index.ts'
import { isWebAddress } from './chatgpt-content.ts'
import { idOf, isRecord, type Json, type JsonRecord, listOf, recordOf, textOf, timeOf } from './json.ts'
import { Notes, type ReadConversation, type ReadMessage } from './read-conversation.ts'

/** Our own format, whoever wrote the file: it is trusted no more than another. */
export function readParley(value: JsonRecord): ReadConversation {
  const notes = new Notes()
  const messages: ReadMessage[] = []
  for (const raw of listOf(value['messages'])) {
    const id = isRecord(raw) ? idOf(raw['id']) : null
    const role = isRecord(raw) ? raw['role'] : null
    if (!isRecord(raw) || id === null || (role !== 'user' && role !== 'assistant' && role !== 'system')) {
      notes.add('unknown_content')
      continue
    }
    const feedback = Feedback.safeParse(raw['feedback'])
    messages.push({
      id,
      parentId: idOf(raw['parentId']),
      role,
      parts: listOf(raw['parts']).flatMap((part) => partOf(part, notes)),
      model: textOf(recordOf(raw['model'])['name']).slice(0, 200) || null,
      at: timeOf(raw['createdAt']),
      feedback: role === 'assistant' && feedback.success ? feedback.data : null,
    })
  }
  const settings = ConversationChoices.safeParse(isRecord(value['settings']) ? { thinking: null, ...value['settings'] } : null)
  return {
    source: 'parley',
    externalId: idOf(value['id']) ?? '',
    title: textOf(value['title']),
    createdAt: timeOf(value['createdAt']),
    updatedAt: timeOf(value['updatedAt']),
    headId: idOf(value['headId']),
    isPinned: value['isPinned'] === true,
    isArchived: value['isArchived'] === true,
    tags: listOf(value['tags']).flatMap((tag) => textOf(tag).trim().slice(0, 40) || []),
    settings: settings.success ? settings.data : null,
    messages,
    notes,
  }
}

function partOf(value: Json, notes: Notes): StoredPart[] {
  const parsed = Part.safeParse(value)
  if (!parsed.success) {
    notes.add('unknown_content')
    return []
  }
  const part = parsed.data
  // What would be drawn is drawn by tools of this server alone; its words are kept.
  if (part.type === 'surface') return part.fallback ? [{ type: 'text', step: part.step, text: part.fallback }] : []
  // The file itself is on the server that wrote this: its id here would be anybody's.
  if (part.type === 'file') {
    notes.add('files_left_out')
    return [{ type: 'text', step: part.step, text: `*${part.name.replaceAll(/[\s*]+/g, ' ')}*` }]
  }
  if (part.type === 'source' && !isWebAddress(part.url)) {
    notes.add('unknown_content')
    return []
  }
  if (part.type !== 'tool-call') return [part]
  const hasEnded = part.state !== 'asked' && part.state !== 'running'
  // The whole of a long result is on the server that wrote this.
  const { whole: _, ...kept } = part
  return [{ ...kept, state: hasEnded ? part.state : 'interrupted', isImported: true }]
}
