import type { StoredPart } from '../../conversations/index.ts'
import { isRecord, type Json, type JsonRecord, listOf, recordOf, textOf } from './json.ts'
import { stepOf } from './step-of.ts'
import type { Notes } from './read-conversation.ts'

/** Instructions and memories that stand in every conversation, and what the page of ChatGPT does not show either. */
export function isHidden(author: string, metadata: JsonRecord, content: JsonRecord): boolean {
  const type = content['content_type']
  return (
    metadata['is_visually_hidden_from_conversation'] === true ||
    type === 'user_editable_context' ||
    type === 'model_editable_context' ||
    (author === 'system' && listOf(content['parts']).every((part) => part === ''))
  )
}

/** The parts of a node, after those that its answer has. What belongs to an earlier part (results of tools, how long it thought) is put there. */
export function contentOf(message: JsonRecord, before: StoredPart[], notes: Notes): StoredPart[] {
  const author = recordOf(message['author'])
  const content = recordOf(message['content'])
  const metadata = recordOf(message['metadata'])
  const recipient = textOf(message['recipient']) || 'all'
  const isTool = author['role'] === 'tool'
  const isPerson = author['role'] === 'user' || author['role'] === 'system'
  const step = isPerson ? 0 : stepOf(before)

  if (isTool) return resultOf(textOf(author['name']), wordsOf(content, notes), content, before, step)
  if (content['content_type'] === 'thoughts') return thoughtsOf(content, step)
  if (content['content_type'] === 'reasoning_recap') {
    const seconds = metadata['finished_duration_sec']
    const thoughts = before.findLast((part) => part.type === 'reasoning')
    if (thoughts && typeof seconds === 'number' && seconds >= 0 && seconds < 1e6) thoughts.durationMs = Math.round(seconds * 1000)
    return []
  }
  const text = wordsOf(content, notes)
  if (recipient !== 'all' && !isPerson) {
    if (!text) return []
    const callId = `call-${before.length}`
    return [
      {
        type: 'tool-call',
        step,
        callId,
        toolName: recipient.slice(0, 100),
        arguments: argumentsOf(text),
        state: 'interrupted',
        result: null,
        durationMs: null,
        isImported: true,
      },
    ]
  }
  const attachments = isPerson ? attachmentNames(metadata, notes) : []
  const said = [...attachments.map((name) => `*${name}*`), withoutMarks(text)].filter(Boolean).join('\n\n')
  const isCode = content['content_type'] === 'code'
  const shown = isCode ? fenced(said, textOf(content['language'])) : said
  return [...(shown ? [{ type: 'text' as const, step, text: shown }] : []), ...sourcesOf(metadata, step)]
}

function thoughtsOf(content: JsonRecord, step: number): StoredPart[] {
  const text = listOf(content['thoughts'])
    .map((thought) => [textOf(recordOf(thought)['summary']), textOf(recordOf(thought)['content'])].filter(Boolean).join('\n\n'))
    .filter(Boolean)
    .join('\n\n')
  return text ? [{ type: 'reasoning', step, text, durationMs: null }] : []
}

/** What a tool said, as the result of its call. */
function resultOf(name: string, text: string, content: JsonRecord, before: StoredPart[], step: number): StoredPart[] {
  const url = textOf(content['url'])
  const sources: StoredPart[] = isWebAddress(url) ? [{ type: 'source', step, url, title: textOf(content['title']) || null }] : []
  const call = before.findLast((part) => part.type === 'tool-call')
  if (call?.type === 'tool-call' && (call.result === null || sameTool(call.toolName, name))) {
    call.state = content['content_type'] === 'system_error' ? 'failed' : 'completed'
    call.result = call.result ? `${call.result}\n\n${text}` : text
    return sources
  }
  if (!text) return sources
  return [
    {
      type: 'tool-call',
      step,
      callId: `call-${before.length}`,
      toolName: name.slice(0, 100) || 'tool',
      arguments: {},
      state: 'completed',
      result: text,
      durationMs: null,
      isImported: true,
    },
    ...sources,
  ]
}

const sameTool = (call: string, author: string): boolean => call.split('.', 1)[0] === author.split('.', 1)[0]

/** All the words of a node, whatever its kind. */
function wordsOf(content: JsonRecord, notes: Notes): string {
  const type = textOf(content['content_type'])
  if (type === 'tether_quote') return [textOf(content['title']), textOf(content['url']), textOf(content['text'])].filter(Boolean).join('\n')
  if (type === 'tether_browsing_display') return textOf(content['result']) || textOf(content['summary'])
  if (type === 'system_error') return [textOf(content['name']), textOf(content['text'])].filter(Boolean).join(': ')
  if (Array.isArray(content['parts']))
    return content['parts']
      .map((part) => partWords(part, notes))
      .filter(Boolean)
      .join('\n\n')
  const text = textOf(content['text']) || textOf(content['result']) || textOf(content['content'])
  if (!text && !knownEmpty.has(type)) notes.add('unknown_content')
  return text
}

const knownEmpty = new Set(['text', 'code', 'execution_output', 'multimodal_text', 'thoughts', 'reasoning_recap'])

function partWords(part: Json, notes: Notes): string {
  if (typeof part === 'string') return part
  if (!isRecord(part)) return ''
  const type = textOf(part['content_type'])
  if (type === 'audio_transcription') return textOf(part['text'])
  if (type.endsWith('_pointer') || type.includes('asset_pointer')) {
    notes.add('files_left_out')
    return type.startsWith('image') ? '*Image*' : type.startsWith('audio') ? '' : '*File*'
  }
  if (typeof part['text'] === 'string') return part['text']
  notes.add('unknown_content')
  return ''
}

function attachmentNames(metadata: JsonRecord, notes: Notes): string[] {
  const names = listOf(metadata['attachments']).flatMap((one) => textOf(recordOf(one)['name']).replaceAll(/[\s*]+/g, ' ') || [])
  notes.add('files_left_out', names.length)
  return names
}

/** Arguments are JSON where the tool takes JSON, else its code. */
function argumentsOf(text: string): Json {
  if (!text.startsWith('{')) return { input: text }
  try {
    return JSON.parse(text) as Json
  } catch {
    return { input: text }
  }
}

/** Where the page of ChatGPT draws a number or a card, the text holds private characters around names of its own, or numbers in brackets. */
const withoutMarks = (text: string): string =>
  text.includes('\ue200') || text.includes('†') ? text.replaceAll(/\s?\ue200[^\ue201]*\ue201|\s?【\d+[^】]*†[^】]*】/g, '') : text

function sourcesOf(metadata: JsonRecord, step: number): StoredPart[] {
  const found = new Map<string, string | null>()
  const add = (value: Json | undefined) => {
    const { url, title } = recordOf(value)
    const address = textOf(url)
    if (isWebAddress(address) && !found.has(address)) found.set(address, textOf(title) || null)
  }
  for (const one of listOf(metadata['citations'])) add(recordOf(one)['metadata'])
  for (const one of listOf(metadata['content_references'])) {
    add(one)
    for (const item of [...listOf(recordOf(one)['items']), ...listOf(recordOf(one)['sources'])]) add(item)
  }
  return [...found].map(([url, title]) => ({ type: 'source', step, url, title }))
}

export const isWebAddress = (url: string): boolean => /^https?:\/\//i.test(url) && url.length <= 2048 && URL.canParse(url)

export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return text && `${fence}${/^[\w+#-]{1,30}$/.test(language) && language !== 'unknown' ? language : ''}\n${text}\n${fence}`
}
