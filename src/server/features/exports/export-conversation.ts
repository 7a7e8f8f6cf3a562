import type { ExportFormat } from '../../../contract/exports.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { requireConversation } from '../conversations/index.ts'
import { conversationJson } from './conversation-json.ts'
import { conversationMarkdown } from './conversation-markdown.ts'
import { fileNameOf } from './file-name.ts'

export interface Download {
  fileName: string
  contentType: string
  pieces: AsyncIterable<string | Uint8Array>
}

/** A conversation that the actor may read, as a file. */
export async function exportConversation(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { id, format }: { id: string; format: ExportFormat },
): Promise<Download> {
  check(actor, 'message', 'read', 'own')
  const conversation = await requireConversation(deps.db, actor, id)
  const name = fileNameOf(conversation.title)
  return format === 'json'
    ? {
        fileName: `${name}.json`,
        contentType: 'application/json; charset=utf-8',
        pieces: conversationJson(deps.db, actor.principalId, conversation),
      }
    : { fileName: `${name}.md`, contentType: 'text/markdown; charset=utf-8', pieces: conversationMarkdown(deps.db, conversation) }
}
