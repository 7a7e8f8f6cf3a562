import type { Part, TurnState } from '../../../contract/messages.ts'
import type { SharedMessage } from '../../../page/index.ts'

const unfinished: readonly TurnState[] = ['queued', 'running', 'waiting']

/**
 * What strangers are shown of a message: a list of what is shown, not of what is left out, so that a new kind of part is hidden until somebody decides.
 * Reasoning, tools, failures, models and instructions stay with the owner. Null where there is nothing to show.
 */
export function wordsOf(
  row: {
    role: 'user' | 'assistant' | 'system'
    parts: readonly Part[]
    turn_state: TurnState | null
  },
  fileAddress: (attachmentId: string) => string = () => '',
): SharedMessage | null {
  if (row.role === 'system') return null
  const texts = row.parts.flatMap((part) => (part.type === 'text' ? [part.text] : part.type === 'surface' ? [part.fallback] : []))
  const sources = row.parts.flatMap((part) => (part.type === 'source' ? [{ url: part.url, title: part.title }] : []))
  const text = texts.join('\n\n').trim()
  const files = row.parts.flatMap((part) =>
    part.type === 'file'
      ? [
          {
            name: part.name,
            address: fileAddress(part.attachmentId),
            size: part.width !== null && part.height !== null ? { width: part.width, height: part.height } : null,
          },
        ]
      : [],
  )
  const isWriting = row.turn_state !== null && unfinished.includes(row.turn_state)
  if (text === '' && sources.length === 0 && files.length === 0 && !isWriting) return null
  return {
    from: row.role === 'user' ? 'person' : 'answer',
    text,
    files,
    sources: [...new Map(sources.map((source) => [source.url, source])).values()],
    isWriting,
  }
}
