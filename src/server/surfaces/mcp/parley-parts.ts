import { z } from 'zod'
import { ConversationId, ModelId, PromptId } from '../../../contract/ids.ts'
import { type BuiltInVariable, fillPrompt, problemsOf } from '../../../contract/prompt-text.ts'
import { createConversation, listConversations, requireConversation } from '../../features/conversations/index.ts'
import { exportConversation } from '../../features/exports/index.ts'
import { getPrompt, listPrompts, readValues } from '../../features/prompts/index.ts'
import { searchMessages } from '../../features/search/index.ts'
import { assertContinuable } from '../../features/turns/index.ts'
import { check, may } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { agentTemplate, agentTools, agentUri, describeAgent, listAgentPage, mayReadAgents } from './agent-parts.ts'
import { ask, goOn } from './ask.ts'
import type { McpDeps } from './mcp-deps.ts'
import type { McpCall, McpParts } from './parts.ts'
import { tool } from './tool.ts'

const pageSize = 50
const maxMarkdownLength = 200_000
const uriOf = (id: string) => `parley://conversations/${id}`
const conversationTemplate = 'parley://conversations/{id}'

/** Conversations and prompts as the protocol speaks of them. Everything goes through the operations, and so through the gate. */
export function parleyParts(deps: McpDeps): McpParts {
  const { addressOf } = deps
  const workspaceOf = ({ actor }: McpCall) => actor.homeWorkspaceId
  const markdownOf = async ({ actor }: McpCall, id: string) => {
    check(actor, 'conversation', 'read', { workspaceId: actor.homeWorkspaceId })
    // One of another workspace is not there: a program was let into this one.
    if ((await requireConversation(deps.db, actor, id)).workspace_id !== actor.homeWorkspaceId) throw new AppError('conversation.not_found')
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
        needs: ['conversation:read'],
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
        needs: ['message:read'],
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
        needs: ['conversation:read', 'message:read'],
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
        needs: ['conversation:create', 'turn:create', 'turn:read', 'model:use'],
        async run({ text, conversation_id: given, model_id: modelId }, call) {
          const continued = await goOn(deps, call, 'ask')
          if (continued !== undefined) return continued
          const workspaceId = workspaceOf(call)
          if (given) await assertContinuable(deps, call.actor, given, workspaceId)
          const id = given ?? (await createConversation(deps.conversations, call.actor, { workspaceId, modelId, source: 'api' })).id
          return ask(deps, call, 'ask', { id: id as ConversationId, text, ...(modelId && { modelId }) })
        },
      }),
      ...agentTools(deps),
    ],

    async listPrompts(call, cursor) {
      if (!(['read', 'use'] as const).every((action) => may(call.actor, 'prompt', action, { workspaceId: workspaceOf(call) })))
        return { prompts: [] }
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
      if (!PromptId.safeParse(name).success) return undefined
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
      const ofAgents = /^agents:(.*)$/.exec(cursor ?? '')
      if (!ofAgents && may(call.actor, 'conversation', 'read', { workspaceId: workspaceOf(call) })) {
        const { conversations, nextCursor } = await listConversations(deps, call.actor, {
          workspaceId: workspaceOf(call),
          cursor,
          limit: pageSize,
          status: 'active',
        })
        const resources = conversations.map(({ id, title, updatedAt }) => ({
          uri: uriOf(id),
          name: id,
          title: title || 'Untitled',
          mimeType: 'text/markdown',
          annotations: { lastModified: updatedAt },
        }))
        if (nextCursor) return { resources, nextCursor }
        const agents = await agentResources(call, undefined)
        return { ...agents, resources: [...resources, ...agents.resources] }
      }
      return agentResources(call, ofAgents?.[1] || undefined)
    },

    listTemplates: (call) => [
      ...(may(call.actor, 'conversation', 'read', { workspaceId: workspaceOf(call) })
        ? [
            {
              uriTemplate: conversationTemplate,
              name: 'conversation',
              title: 'A conversation',
              description: 'Its shown path, as Markdown.',
              mimeType: 'text/markdown',
            },
          ]
        : []),
      ...(mayReadAgents(call)
        ? [
            {
              uriTemplate: agentTemplate,
              name: 'agent',
              title: 'An agent',
              description: 'What it is for, as Markdown.',
              mimeType: 'text/markdown',
            },
          ]
        : []),
    ],

    async readResource(call, uri) {
      const [, kind, id = ''] = /^parley:\/\/(conversations|agents)\/([0-9a-f-]{36})$/.exec(uri) ?? []
      if (!kind || !ConversationId.safeParse(id).success) return undefined
      try {
        const text = kind === 'agents' ? await describeAgent(deps, call, id) : await markdownOf(call, id)
        return text === undefined ? undefined : { contents: [{ uri, mimeType: 'text/markdown', text }] }
      } catch (error) {
        if (error instanceof AppError && (error.code === 'conversation.not_found' || error.code === 'agent.not_found')) return undefined
        throw error
      }
    },

    async complete(call, { of, argument, value }) {
      const isLike = (text: string) => text.toLowerCase().startsWith(value.toLowerCase())
      if ('prompt' in of) {
        if (!PromptId.safeParse(of.prompt).success) return []
        const { variables } = await getPrompt(deps, call.actor, of.prompt)
        const variable = variables.find(({ name }) => name === argument)
        return [...(variable?.options ?? []), ...(variable?.default ? [variable.default] : [])].filter(
          (one, at, all) => isLike(one) && all.indexOf(one) === at,
        )
      }
      if (argument !== 'id') return []
      if (of.template === agentTemplate && mayReadAgents(call))
        return (await listAgentPage(deps, call, { search: value })).agents.map(({ id }) => id)
      if (of.template === conversationTemplate && may(call.actor, 'conversation', 'read', { workspaceId: workspaceOf(call) })) {
        const found = await listConversations(deps, call.actor, {
          workspaceId: workspaceOf(call),
          search: value,
          limit: pageSize,
          status: 'active',
        })
        return found.conversations.map(({ id }) => id)
      }
      return []
    },
  }

  async function agentResources(call: McpCall, cursor: string | undefined) {
    if (!mayReadAgents(call)) return { resources: [] }
    const { agents, nextCursor } = await listAgentPage(deps, call, { cursor })
    return {
      resources: agents.map(({ id, name, description, updatedAt }) => ({
        uri: agentUri(id),
        name: id,
        title: name,
        ...(description && { description }),
        mimeType: 'text/markdown',
        annotations: { lastModified: updatedAt },
      })),
      ...(nextCursor && { nextCursor: `agents:${nextCursor}` }),
    }
  }
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
