import { z } from 'zod'
import { ConversationId, ModelId } from '../../../contract/ids.ts'
import { type BuiltInVariable, fillPrompt, problemsOf } from '../../../contract/prompt-text.ts'
import { type ConversationDeps, createConversation, listConversations } from '../../features/conversations/index.ts'
import { exportConversation } from '../../features/exports/index.ts'
import { getPrompt, listPrompts, type PromptDeps, readValues } from '../../features/prompts/index.ts'
import { type SearchDeps, searchMessages } from '../../features/search/index.ts'
import type { TurnDeps } from '../../features/turns/index.ts'
import { may } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { ask } from './ask.ts'
import type { McpCall, McpParts, McpTool } from './parts.ts'

export interface McpDeps extends TurnDeps {
  conversations: ConversationDeps
  search: SearchDeps
  prompts: PromptDeps
  baseUrl: string
}

const pageSize = 50
const maxMarkdownLength = 200_000
const uriOf = (id: string) => `parley://conversations/${id}`

/** Conversations and prompts as the protocol speaks of them. Everything goes through the operations, and so through the gate. */
export function parleyParts(deps: McpDeps): McpParts {
  const addressOf = (id: string, messageId?: string) => `${deps.baseUrl}/c/${id}${messageId ? `?message=${messageId}` : ''}`
  const workspaceOf = ({ actor }: McpCall) => actor.homeWorkspaceId
  const markdownOf = async ({ actor }: McpCall, id: string) => {
    let text = ''
    const { pieces } = await exportConversation(deps, actor, { id, format: 'markdown' })
    for await (const piece of pieces) {
      text += String(piece)
      if (text.length > maxMarkdownLength)
        return `${text.slice(0, maxMarkdownLength)}\n\n[The conversation goes on; its rest is at ${addressOf(id)}]`
    }
    return text
  }

  return {
    tools: [
      tool({
        name: 'list_conversations',
        title: 'List conversations',
        description: 'The newest conversations, with title, date and id.',
        input: z.strictObject({
          cursor: z.string().max(200).optional().describe('from the end of the previous list'),
          search: z.string().max(200).optional().describe('part of the title'),
        }),
        isReadOnly: true,
        async run({ cursor, search }, call) {
          const { conversations, nextCursor } = await listConversations(deps, call.actor, {
            workspaceId: workspaceOf(call),
            cursor,
            search,
            limit: pageSize,
            status: 'active',
          })
          const lines = conversations.map(({ id, title, updatedAt }) => `- ${title || 'Untitled'} (${updatedAt.slice(0, 10)}), id ${id}`)
          return [lines.join('\n') || 'There are none.', nextCursor && `More with cursor ${nextCursor}`].filter(Boolean).join('\n\n')
        },
      }),
      tool({
        name: 'search_conversations',
        title: 'Search conversations',
        description: 'Messages that say all of these words in any of their forms, with title, date, conversation id and a passage.',
        input: z.strictObject({ query: z.string().trim().min(1).max(200), limit: z.number().int().min(1).max(50).default(20) }),
        isReadOnly: true,
        async run({ query, limit }, call) {
          const { messages } = await searchMessages(deps.search, call.actor, { workspaceId: workspaceOf(call), query: `${query} `, limit })
          if (messages.length === 0) return 'Nothing was found.'
          return messages
            .map((message) => {
              const words = message.snippet
                .map(({ text }) => text)
                .join('')
                .replaceAll(/\s+/g, ' ')
              return `${message.conversationTitle || 'Untitled'} (${message.createdAt.slice(0, 10)}, ${message.role}), id ${message.conversationId}\n${addressOf(message.conversationId, message.id)}\n${words}`
            })
            .join('\n\n')
        },
      }),
      tool({
        name: 'read_conversation',
        title: 'Read a conversation',
        description: 'The path of a conversation that is shown, as Markdown.',
        input: z.strictObject({ conversation_id: ConversationId }),
        isReadOnly: true,
        run: ({ conversation_id: id }, call) => markdownOf(call, id),
      }),
      tool({
        name: 'ask',
        title: 'Ask',
        description:
          'Says something in a conversation, or in a new one, and waits for the answer of its model. Say the conversation id that comes back to go on there.',
        input: z.strictObject({
          text: z.string().trim().min(1).max(200_000),
          conversation_id: ConversationId.optional().describe('left out: a new one'),
          model_id: ModelId.optional().describe('left out: as the conversation or the workspace has it'),
        }),
        isReadOnly: false,
        async run({ text, conversation_id: given, model_id: modelId }, call) {
          const id =
            given ??
            (await createConversation(deps.conversations, call.actor, { workspaceId: workspaceOf(call), modelId, source: 'api' })).id
          const answer = await ask(deps, call, { id: id as ConversationId, text, ...(modelId && { modelId }) })
          return `${answer}\n\n[conversation id ${id}, ${addressOf(id)}]`
        },
      }),
    ],

    async listPrompts(call, cursor) {
      if (!may(call.actor, 'prompt', 'read', { workspaceId: workspaceOf(call) })) return { prompts: [] }
      const { prompts, nextCursor } = await listPrompts(deps, call.actor, {
        workspaceId: workspaceOf(call) as never,
        cursor,
        limit: pageSize,
      })
      return {
        prompts: prompts.map(({ id, name, preview, variables }) => ({
          name: id,
          title: name,
          description: preview,
          arguments: variables.map((variable) => ({
            name: variable.name,
            ...describe(variable),
            required: variable.default === null,
          })),
        })),
        ...(nextCursor && { nextCursor }),
      }
    },

    async getPrompt({ actor }, name, values) {
      if (!ConversationId.safeParse(name).success) return undefined
      const { content, name: title, variables } = await getPrompt(deps, actor, name)
      const problems = [...problemsOf(variables, values)]
      if (problems.length > 0)
        throw new AppError('request.invalid', {
          issues: problems.map(([one, problem]) => ({ path: ['arguments', one], message: wrong[problem] })),
        })
      const { memory } = await readValues(deps.prompts, actor, actor.homeWorkspaceId)
      const text = fillPrompt(content, values, builtIns(actor.name, memory))
      return { description: title, messages: [{ role: 'user', content: { type: 'text', text } }] }
    },

    async listResources(call, cursor) {
      const { conversations, nextCursor } = await listConversations(deps, call.actor, {
        workspaceId: workspaceOf(call),
        cursor,
        limit: pageSize,
        status: 'active',
      })
      return {
        resources: conversations.map(({ id, title, updatedAt }) => ({
          uri: uriOf(id),
          name: id,
          title: title || 'Untitled',
          mimeType: 'text/markdown',
          annotations: { lastModified: updatedAt },
        })),
        ...(nextCursor && { nextCursor }),
      }
    },

    listTemplates: () => [
      {
        uriTemplate: 'parley://conversations/{id}',
        name: 'conversation',
        title: 'A conversation',
        description: 'Its shown path, as Markdown.',
        mimeType: 'text/markdown',
      },
    ],

    async readResource(call, uri) {
      const id = /^parley:\/\/conversations\/([0-9a-f-]{36})$/.exec(uri)?.[1]
      if (!id || !ConversationId.safeParse(id).success) return undefined
      try {
        return { contents: [{ uri, mimeType: 'text/markdown', text: await markdownOf(call, id) }] }
      } catch (error) {
        if (error instanceof AppError && error.code === 'conversation.not_found') return undefined
        throw error
      }
    },
  }
}

/** Ties the input's type to its schema. */
function tool<Input extends z.ZodObject>(
  made: Omit<McpTool, 'input' | 'run'> & { input: Input; run(input: z.infer<Input>, call: McpCall): Promise<string> },
): McpTool {
  return made as unknown as McpTool
}

function describe({ description, options, default: usual }: { description: string | null; options: string[]; default: string | null }): {
  description?: string
} {
  const said = [description, options.length > 0 && `one of: ${options.join(', ')}`, usual && `usually: ${usual}`].filter(Boolean).join('; ')
  return said ? { description: said } : {}
}

const wrong = {
  missing: 'has to be given',
  number: 'has to be a number',
  date: 'has to be a day, as 2026-01-31',
  choice: 'has to be one of its options',
}

/** There is no device of the person here, so times are the server's, in UTC. */
function builtIns(user: string, memory: string): Record<BuiltInVariable, string> {
  const now = new Date()
  const iso = now.toISOString()
  const weekday = now.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' })
  return { date: iso.slice(0, 10), time: iso.slice(11, 16), weekday, user, locale: 'en', timezone: 'UTC', memory }
}
