import type { CreateMessageRequestParams, CreateMessageResult } from '@modelcontextprotocol/client'
import { plainWords } from '../../platform/mcp/index.ts'
import { type ToolContext, ToolFailure } from '../tools/index.ts'
import type { McpDeps } from './mcp-deps.ts'
import type { ServerRow } from './store.ts'

const maxTextLength = 50_000
const maxTokens = 4_096
/** Of one call. */
const maxSamples = 5

const counts = new WeakMap<ToolContext, number>()

/** Has the turn's model answer a server, where the workspace lets it: at the workspace's cost, without tools, and for the person to see. */
export async function sample(
  deps: McpDeps,
  server: ServerRow,
  context: ToolContext,
  params: CreateMessageRequestParams,
  { key, limitMs }: { key: string; limitMs: number },
): Promise<CreateMessageResult> {
  const { questions } = context
  const permission = (await deps.catalogue.of(server.workspace_id)).servers.get(server.id)?.sampling ?? 'deny'
  if (!questions || permission === 'deny') throw new ToolFailure(`“${server.name}” may not ask a model here.`)
  const count = (counts.get(context) ?? 0) + 1
  counts.set(context, count)
  if (count > maxSamples) throw new ToolFailure(`“${server.name}” asks the model too often.`)
  const asked = askedOf(params)
  const limit = Math.max(1, Math.min(params.maxTokens, maxTokens))
  const body = {
    kind: 'sampling' as const,
    source: server.name,
    text: [asked.system, ...asked.messages.map(({ role, text }) => `${role === 'user' ? '' : 'Answer: '}${text}`)]
      .filter(Boolean)
      .join('\n\n'),
    maxTokens: limit,
    answer: null,
  }
  if (permission === 'ask') {
    const { action } = await questions.ask({ key, body, limitMs })
    if (action !== 'accept') throw new ToolFailure('The user did not let the tool ask the model.')
  } else await questions.tell({ key, body })
  const { text, model, isCut } = await deps.askModel(context, {
    system: asked.system,
    messages: asked.messages,
    maxTokens: limit,
    temperature: params.temperature ?? null,
  })
  await questions.amend(key, { ...body, answer: text })
  return { role: 'assistant', content: { type: 'text', text }, model, stopReason: isCut ? 'maxTokens' : 'endTurn' }
}

/** Words only: nothing else of a server is shown to the model this way. */
function askedOf({ systemPrompt, messages }: CreateMessageRequestParams) {
  const system = systemPrompt === undefined ? null : plainWords(systemPrompt, maxTextLength, 'keep') || null
  const said = messages.map(({ role, content }) => {
    const pieces = Array.isArray(content) ? content : [content]
    if (!pieces.every((piece) => piece.type === 'text')) throw new ToolFailure('A model can be asked in words only.')
    return { role, text: plainWords(pieces.map(({ text }) => text).join('\n'), maxTextLength, 'keep') }
  })
  const length = said.reduce((sum, { text }) => sum + text.length, system?.length ?? 0)
  if (said.length === 0 || length > maxTextLength) throw new ToolFailure('That is more than a model may be asked here.')
  return { system, messages: said }
}
