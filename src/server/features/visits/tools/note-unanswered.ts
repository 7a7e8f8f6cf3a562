import { z } from 'zod'
import type { Db } from '../../../platform/db/index.ts'
import { noteUnanswered } from '../../pages/index.ts'
import { type Tool, ToolFailure } from '../../tools/index.ts'
import { findPageOf } from '../store.ts'

export const noteTool = 'note_unanswered'

/** What the bot of a page does not know is listed for the page's owner. */
export function noteUnansweredTool(db: Db): Tool {
  const tool: Tool<{ question: string }> = {
    name: noteTool,
    description: 'Notes a question that you cannot answer, for the owner of this page. The visitor does not see it.',
    input: z.strictObject({ question: z.string().trim().min(1).max(500).describe("the visitor's question, complete in itself") }),
    isRepeatable: true, // counted once a turn
    permission: 'allow',
    isForAgents: true,
    timeoutMs: 10_000,
    async run({ question }, { workspaceId, conversationId, turnId }) {
      const pageId = conversationId ? await findPageOf(db, workspaceId, conversationId) : undefined
      if (!pageId) throw new ToolFailure('There is no page here.')
      await noteUnanswered(db, { pageId, question, reason: 'unknown', turnId })
      return 'Noted.'
    },
  }
  return tool as Tool
}
