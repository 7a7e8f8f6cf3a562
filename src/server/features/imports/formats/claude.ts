import type { StoredPart } from '../../conversations/index.ts'
import { fenced, isWebAddress } from './chatgpt-content.ts'
import { idOf, isRecord, type Json, type JsonRecord, listOf, recordOf, textOf, timeOf } from './json.ts'
import { stepOf } from './step-of.ts'
import { Notes, type ReadConversation, type ReadMessage } from './read-conversation.ts'

/** The parent of what begins a conversation. */
const isNobody = (id: string): boolean => /^[0-]+(4000-8000-0+)?$/.test(id)

export function readClaude(value: JsonRecord, chatMessages: Json[]): ReadConversation {
  const notes = new Notes()
  const messages: ReadMessage[] = []
  let beforeId: string | null = null
  for (const raw of chatMessages) {
    const id = isRecord(raw) ? idOf(raw['uuid']) : null
    if (!isRecord(raw) || id === null) {
      notes.add('unknown_content')
      continue
    }
    const parent = idOf(raw['parent_message_uuid'])
    const role = raw['sender'] === 'human' ? 'user' : 'assistant'
    messages.push({
      id,
      // Older exports are one path, in its order.
      parentId: parent === null ? beforeId : isNobody(parent) ? null : parent,
      role,
      parts: role === 'user' ? personParts(raw, notes) : answerParts(raw, notes),
      model: null,
      at: timeOf(raw['created_at']),
      feedback: null,
    })
    beforeId = id
  }
  const current = idOf(value['current_leaf_message_uuid'])
  const model = textOf(value['model']).slice(0, 200) || null
  if (model) for (const message of messages) if (message.role === 'assistant') message.model = model
  return {
    source: 'claude',
    externalId: idOf(value['uuid']) ?? '',
    title: textOf(value['name']),
    createdAt: timeOf(value['created_at']),
    updatedAt: timeOf(value['updated_at']),
    headId: current ?? beforeId,
    isPinned: value['is_starred'] === true,
    isArchived: false,
    tags: [],
    settings: null,
    messages,
    notes,
  }
}

function personParts(raw: JsonRecord, notes: Notes): StoredPart[] {
  const text = listOf(raw['content'])
    .map((block) => (recordOf(block)['type'] === 'text' || recordOf(block)['type'] === 'voice_note' ? textOf(recordOf(block)['text']) : ''))
    .filter(Boolean)
    .join('\n\n')
  const said = [...attached(raw, notes), text || textOf(raw['text'])].filter(Boolean).join('\n\n')
  return said ? [{ type: 'text', step: 0, text: said }] : []
}

/** Texts that were attached come with their words; of other files there is the name only. */
function attached(raw: JsonRecord, notes: Notes): string[] {
  const names = new Set<string>()
  const texts = listOf(raw['attachments']).flatMap((one) => {
    const { file_name: fileName, extracted_content: content } = recordOf(one)
    const name = textOf(fileName).replaceAll(/[\s*]+/g, ' ')
    names.add(name)
    if (textOf(content)) return [[name && `*${name}*`, fenced(textOf(content), '')].filter(Boolean).join('\n\n')]
    notes.add('files_left_out')
    return name ? [`*${name}*`] : []
  })
  const files = [...listOf(raw['files']), ...listOf(raw['files_v2'])].flatMap((one) => {
    const name = textOf(recordOf(one)['file_name']).replaceAll(/[\s*]+/g, ' ')
    if (names.has(name)) return []
    names.add(name)
    notes.add('files_left_out')
    return [name ? `*${name}*` : '*File*']
  })
  return [...texts, ...files]
}

function answerParts(raw: JsonRecord, notes: Notes): StoredPart[] {
  const parts: StoredPart[] = []
  for (const one of listOf(raw['content'])) {
    const block = recordOf(one)
    const step = stepOf(parts)
    switch (block['type']) {
      case 'text':
        if (textOf(block['text'])) parts.push({ type: 'text', step, text: textOf(block['text']) })
        parts.push(...sourcesOf(block, step, parts))
        break
      case 'thinking':
        if (textOf(block['thinking']))
          parts.push({ type: 'reasoning', step, text: textOf(block['thinking']), durationMs: durationOf(block) })
        break
      case 'tool_use':
        parts.push({
          type: 'tool-call',
          step,
          callId: idOf(block['id']) ?? `call-${parts.length}`,
          toolName: textOf(block['name']).slice(0, 100) || 'tool',
          arguments: block['input'] ?? {},
          state: 'interrupted',
          result: null,
          durationMs: durationOf(block),
          isImported: true,
        })
        break
      case 'tool_result':
        putResult(parts, block, notes)
        break
      case 'token_budget':
      case 'flag':
        break
      default:
        if (textOf(block['text'])) parts.push({ type: 'text', step, text: textOf(block['text']) })
        else notes.add('unknown_content')
    }
  }
  // Before there were blocks.
  if (parts.length === 0 && textOf(raw['text'])) parts.push({ type: 'text', step: 1, text: textOf(raw['text']) })
  return parts
}

function putResult(parts: StoredPart[], block: JsonRecord, notes: Notes): void {
  const callId = idOf(block['tool_use_id'])
  const open = parts.filter((part) => part.type === 'tool-call' && part.result === null)
  const call = open.find((part) => part.type === 'tool-call' && part.callId === callId) ?? open[0]
  if (call?.type !== 'tool-call') {
    notes.add('unknown_content')
    return
  }
  const content = block['content']
  call.result =
    typeof content === 'string'
      ? content
      : listOf(content)
          .map((one) => textOf(recordOf(one)['text']))
          .filter(Boolean)
          .join('\n\n')
  call.state = block['is_error'] === true ? 'failed' : 'completed'
  for (const one of listOf(content)) {
    const { url, title } = recordOf(one)
    if (isWebAddress(textOf(url))) parts.push({ type: 'source', step: call.step, url: textOf(url), title: textOf(title) || null })
  }
}

function sourcesOf(block: JsonRecord, step: number, known: readonly StoredPart[]): StoredPart[] {
  const seen = new Set(known.flatMap((part) => (part.type === 'source' ? [part.url] : [])))
  return listOf(block['citations']).flatMap((one) => {
    const citation = recordOf(one)
    const url = textOf(citation['url']) || textOf(recordOf(citation['details'])['url'])
    if (!isWebAddress(url) || seen.has(url)) return []
    seen.add(url)
    return [{ type: 'source' as const, step, url, title: textOf(citation['title']) || null }]
  })
}

function durationOf(block: JsonRecord): number | null {
  const ms = Date.parse(textOf(block['stop_timestamp'])) - Date.parse(textOf(block['start_timestamp']))
  return ms >= 0 && ms < 1e9 ? Math.round(ms) : null
}
