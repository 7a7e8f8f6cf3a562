import type { AgentPackage } from '../contract/agent-packages.ts'
import type { Conversation } from '../contract/conversations.ts'
import type * as messages from '../contract/messages.ts'
import type { Connection, Model } from '../contract/models.ts'
import type * as prompts from '../contract/prompts.ts'
import type { UsageRow } from '../contract/usage.ts'
import type * as workspaces from '../contract/workspaces.ts'
import type { Agent, AgentInfo, Chat, LLMConnection, Message, Prompt, UsageStats, Workspace, WorkspaceSettings } from './types.ts'

/** Pure mappings from the values of `/api` to the published bindings. Nothing here asks the server. */

const unixSeconds = (instant: string) => Math.floor(Date.parse(instant) / 1000)

/** Exact up to 2^53 nano-dollars, which is nine million dollars. */
const dollars = (nanoUsd: string) => Number(nanoUsd) / 1e9

export function toWorkspace(workspace: workspaces.Workspace): Workspace {
  return { id: workspace.id, name: workspace.name, created_at: unixSeconds(workspace.createdAt) }
}

export function toChat(conversation: Conversation): Chat {
  return {
    id: conversation.id,
    workspace_id: conversation.workspaceId,
    title: conversation.title,
    last_message: conversation.lastMessagePreview ?? undefined,
    created_at: unixSeconds(conversation.createdAt),
    updated_at: unixSeconds(conversation.updatedAt),
    agent_id: conversation.agentId ?? undefined,
    parent_id: conversation.spawnedByConversationId ?? undefined,
  }
}

/** The message itself, then one message for each of its tool calls that has ended. */
export function toMessages(message: messages.Message): Message[] {
  const own = { chat_id: message.conversationId, timestamp: unixSeconds(message.createdAt) }
  const reasoning = textOf(message.parts, 'reasoning')
  return [
    {
      ...own,
      id: message.id,
      role: message.role,
      content: textOf(message.parts, 'text'),
      reasoning: reasoning === '' ? undefined : reasoning,
      metadata: message.answer ? metadataOf(message.answer) : undefined,
    },
    ...message.parts.flatMap((part, index): Message[] => {
      if (part.type !== 'tool-call' || part.result === null) return []
      const id = idOfPart(message.id, index)
      return [{ ...own, id, role: 'tool', content: part.result, assistant_message_id: message.id, tool_call_id: part.callId }]
    }),
  ]
}

export function toPrompt(prompt: prompts.Prompt): Prompt {
  return {
    id: prompt.id,
    name: prompt.name,
    content: prompt.content,
    variables: prompt.variables.map(({ name }) => name),
    created_at: unixSeconds(prompt.createdAt),
    updated_at: unixSeconds(prompt.updatedAt),
  }
}

/** `models` names the default model; one that is not among them is left out. */
export function toWorkspaceSettings(
  workspaceId: string,
  settings: workspaces.WorkspaceSettings,
  models: readonly Pick<Model, 'id' | 'internalName'>[],
): WorkspaceSettings {
  return {
    workspace_id: workspaceId,
    default_model: models.find((model) => model.id === settings.defaultModelId)?.internalName,
    system_prompt: settings.systemPrompt ?? undefined,
    temperature: settings.temperature ?? undefined,
    max_tokens: settings.maxTokens ?? undefined,
    top_p: settings.topP ?? undefined,
    frequency_penalty: settings.frequencyPenalty ?? undefined,
    presence_penalty: settings.presencePenalty ?? undefined,
  }
}

/** The agent into which a package was installed, as `Chat.agent_id` names it. */
export function toAgent({ agentId, current: { manifest, source, installedAt } }: AgentPackage): Agent {
  const { name, description, version } = manifest
  const place = [source.url ?? source.fileName ?? '', source.commit ?? source.revision].filter(Boolean).join('#')
  return { id: agentId, name, description, version, source: place, installed_at: unixSeconds(installedAt) }
}

export function toAgentInfo({ agentId, current: { manifest } }: AgentPackage): AgentInfo {
  const { name, description, version, author, tools, instructions } = manifest
  return {
    id: agentId,
    name,
    description,
    version,
    manifest: {
      name,
      description,
      version,
      ...(author !== undefined && { author }),
      ...(tools && { tools: tools.offers.map((tool) => tool.name) }),
      ...(instructions !== '' && { instructions }),
    },
  }
}

const mask = '••••'

export function toLLMConnection(connection: Connection): LLMConnection {
  const { headerNames } = connection
  return {
    id: connection.id,
    name: connection.name,
    provider: connection.provider,
    api_key: connection.keyLast4 === null ? '' : mask + connection.keyLast4,
    base_url: connection.baseUrl ?? '',
    custom_headers: headerNames.length > 0 ? Object.fromEntries(headerNames.map((name) => [name, mask])) : undefined,
    created_at: unixSeconds(connection.createdAt),
  }
}

/** A row of the ledger does not repeat its workspace: it is the one it was listed for. */
export function toUsageStats(workspaceId: string, row: UsageRow): UsageStats {
  return {
    id: row.id,
    workspace_id: workspaceId,
    model: row.modelName,
    provider: row.provider,
    ...countsOf(row.tokens),
    cost: row.costNanoUsd === null ? Number.NaN : dollars(row.costNanoUsd),
    timestamp: unixSeconds(row.createdAt),
  }
}

function textOf(parts: readonly messages.Part[], type: 'text' | 'reasoning'): string {
  return parts.flatMap((part) => (part.type === type ? [part.text] : [])).join('\n\n')
}

function metadataOf(answer: messages.AnswerInfo): NonNullable<Message['metadata']> {
  return {
    model: answer.modelName,
    provider: answer.provider,
    ...(answer.tokens ? countsOf(answer.tokens) : {}),
    cost: answer.costNanoUsd === null ? undefined : dollars(answer.costNanoUsd),
    latency_ms: answer.latencyMs ?? undefined,
  }
}

/** Cached tokens are among the input's and reasoning among the output's, so neither is added again. */
function countsOf(tokens: messages.TokenCounts) {
  return { input_tokens: tokens.input, output_tokens: tokens.output, total_tokens: tokens.input + tokens.output }
}

/**
 * A part has no id of its own. A UUIDv7 keeps a counter in its third group; with the part's position there, under version 8 (RFC 9562, "custom"),
 * the id is unique, the same at every call, and sorts with its message.
 */
function idOfPart(messageId: string, index: number): string {
  return `${messageId.slice(0, 14)}8${index.toString(16).padStart(3, '0')}${messageId.slice(18)}`
}
