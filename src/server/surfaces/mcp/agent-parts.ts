import { z } from 'zod'
import type { AgentSummary } from '../../../contract/agents.ts'
import { AgentId, ConversationId } from '../../../contract/ids.ts'
import { findAgentByName, getAgent, listAgents } from '../../features/agents/index.ts'
import { createConversation } from '../../features/conversations/index.ts'
import { assertContinuable } from '../../features/turns/index.ts'
import { check, may } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { ask, goOn } from './ask.ts'
import type { McpDeps } from './mcp-deps.ts'
import type { McpCall, McpTool } from './parts.ts'
import { tool } from './tool.ts'

const pageSize = 50
export const agentUri = (id: string) => `parley://agents/${id}`
export const agentTemplate = 'parley://agents/{id}'

export const mayReadAgents = ({ actor }: McpCall) => may(actor, 'agent', 'read', { workspaceId: actor.homeWorkspaceId })

export function listAgentPage(
  deps: McpDeps,
  { actor }: McpCall,
  { cursor, search }: { cursor?: string | undefined; search?: string | undefined },
) {
  return listAgents(deps, actor, { workspaceId: actor.homeWorkspaceId as AgentSummary['workspaceId'], cursor, search, limit: pageSize })
}

/** What is said of an agent to whoever may use it. How it is instructed is no one's business here. */
export async function describeAgent(deps: McpDeps, { actor }: McpCall, id: string): Promise<string | undefined> {
  if (!AgentId.safeParse(id).success) return undefined
  const agent = await getAgent(deps, actor, id)
  if (agent.workspaceId !== actor.homeWorkspaceId) return undefined
  const starters = agent.current.starters.map((starter) => `- ${starter}`).join('\n')
  return [
    `# ${agent.name}`,
    agent.description,
    `An agent of ${agent.ownerName}, version ${agent.version}.`,
    starters && `It suggests to begin with:\n\n${starters}`,
  ]
    .filter(Boolean)
    .join('\n\n')
}

export function agentTools(deps: McpDeps): McpTool[] {
  return [
    tool({
      name: 'list_agents',
      title: 'List agents',
      description: 'The agents that can be asked here, with name, description and id.',
      input: z.strictObject({
        cursor: z.string().max(200).optional().describe('from the end of the previous list'),
        search: z.string().max(200).optional().describe('part of the name'),
      }),
      isReadOnly: true,
      needs: ['agent:read'],
      async run(input, call) {
        const { agents, nextCursor } = await listAgentPage(deps, call, input)
        const lines = agents.map(
          ({ id, name, description }) => `- ${name}, id ${id}${description ? `: ${description.replaceAll(/\s+/g, ' ')}` : ''}`,
        )
        return [lines.join('\n') || 'There are none.', nextCursor && `More with cursor ${nextCursor}`].filter(Boolean).join('\n\n')
      },
    }),
    tool({
      name: 'ask_agent',
      title: 'Ask an agent',
      description:
        'Asks an agent, in a new conversation or in one that it answers already, and waits for its answer. Say the conversation id that comes back to go on there.',
      input: z.strictObject({
        agent: z.string().trim().min(1).max(100).describe('its name or id'),
        text: z.string().trim().min(1).max(200_000).describe('all that it needs to know, in a new conversation'),
        conversation_id: ConversationId.optional().describe('left out: a new one'),
      }),
      isReadOnly: false,
      needs: ['agent:read', 'agent:use', 'conversation:create', 'turn:create', 'turn:read'],
      async run({ agent: named, text, conversation_id: given }, call) {
        const continued = await goOn(deps, call, 'ask_agent')
        if (continued !== undefined) return continued
        const { actor } = call
        const workspaceId = actor.homeWorkspaceId
        const agentId = await findAgent(deps, call, named)
        if (given) {
          const found = await assertContinuable(deps, actor, given, workspaceId)
          if (found.agentId !== agentId)
            throw new AppError('request.invalid', { issues: [{ path: ['conversation_id'], message: 'is not answered by this agent' }] })
        }
        const id = given ?? (await createConversation(deps.conversations, actor, { workspaceId, agentId, source: 'api' })).id
        return ask(deps, call, 'ask_agent', { id: id as ConversationId, text })
      },
    }),
  ]
}

async function findAgent(deps: McpDeps, { actor }: McpCall, named: string): Promise<string> {
  const workspaceId = actor.homeWorkspaceId
  check(actor, 'agent', 'use', { workspaceId })
  if (AgentId.safeParse(named).success) {
    const agent = await getAgent(deps, actor, named)
    if (agent.workspaceId === workspaceId) return agent.id
    throw new AppError('agent.not_found')
  }
  const agent = await findAgentByName(deps.db, actor, workspaceId, named)
  if (!agent) throw new AppError('agent.not_found', { detail: 'list_agents says which there are.' })
  return agent.id
}
