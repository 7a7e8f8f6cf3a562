import { errorTable } from '../../../contract/errors.ts'
import type { Db } from '../../platform/db/index.ts'
import { type ConversationRow, findPath, readPath, type StoredPart } from '../conversations/index.ts'
import * as store from './store.ts'

const atOnce = 100

/** The shown path as Markdown, piece by piece. */
export async function* conversationMarkdown(db: Db, conversation: ConversationRow): AsyncGenerator<string> {
  yield `# ${oneLine(conversation.title) || 'Conversation'}\n`
  const path = conversation.head_id ? await findPath(db, conversation.id, conversation.head_id, false) : undefined
  if (!path) return
  for (let from = 0; from < path.length; from += atOnce) {
    const rows = await readPath(db, path, { from, to: from + atOnce - 1 })
    const models = await store.listModelNames(
      db,
      rows.flatMap((row) => row.turn_id ?? []),
    )
    for (const row of rows) {
      const model = (row.turn_id && models.get(row.turn_id)) || row.model_name
      const author = row.role === 'user' ? row.author_name || 'Question' : row.role === 'system' ? 'Instruction' : model || 'Answer'
      yield `\n## ${oneLine(author)}\n\n*${row.created_at.toISOString()}*\n\n${partsAsMarkdown(row.parts)}\n`
    }
  }
}

export function partsAsMarkdown(parts: readonly StoredPart[]): string {
  const sources = parts.flatMap((part) => (part.type === 'source' ? [`- [${inBrackets(part.title ?? part.url)}](<${part.url}>)`] : []))
  return [...parts.map(partAsMarkdown), sources.join('\n')].filter(Boolean).join('\n\n')
}

function partAsMarkdown(part: StoredPart): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'reasoning':
      return part.text && `<details><summary>Reasoning</summary>\n\n${part.text}\n\n</details>`
    case 'tool-call':
      return [`**${oneLine(part.toolName)}**`, fenced(JSON.stringify(part.arguments, null, 2), 'json'), part.result && fenced(part.result)]
        .filter(Boolean)
        .join('\n\n')
    case 'notice':
      return `> ${errorTable[part.notice.code].message}`
    case 'surface':
      return part.fallback
    case 'file':
      return `*${oneLine(part.name)}*`
    case 'source':
      return ''
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
const inBrackets = (text: string): string => oneLine(text).replaceAll(/[[\]\\]/g, String.raw`\$&`)

/** A fence longer than any in the text. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}
