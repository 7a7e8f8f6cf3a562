import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError, Server, type ServerContext } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { AppError } from '../../platform/errors/index.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import type { McpCall, McpParts, McpTool } from './parts.ts'

/** One request's server: the protocol is stateless, what it shows depends on who asks. */
export function makeMcpServer(parts: McpParts, actor: Actor, version: string, log: Logger): Server {
  const server = new Server(
    { name: 'parley', title: 'Parley', version },
    { capabilities: { tools: {}, prompts: {}, resources: {} }, instructions },
  )
  const callOf = (context: ServerContext): McpCall => ({
    actor,
    context,
    progress: (done, message) => tellProgress(context, done, message),
  })

  server.setRequestHandler('tools/list', () => ({ tools: parts.tools.map(present) }))
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = parts.tools.find(({ name }) => name === params.name)
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool named ${params.name}.`)
    const input = tool.input.safeParse(params.arguments ?? {})
    if (!input.success) return failed(`The arguments are not valid:\n${z.prettifyError(input.error)}`)
    try {
      const answer = await tool.run(input.data as never, callOf(context))
      return typeof answer === 'string' ? { content: [{ type: 'text', text: answer }] } : answer
    } catch (error) {
      return failed(inWords(error, log))
    }
  })
  server.setRequestHandler('prompts/list', ({ params }, context) => guarded(log, () => parts.listPrompts(callOf(context), params?.cursor)))
  server.setRequestHandler('prompts/get', ({ params }, context) =>
    guarded(log, async () => {
      const prompt = await parts.getPrompt(callOf(context), params.name, params.arguments ?? {})
      if (!prompt) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt named ${params.name}.`)
      return prompt
    }),
  )
  server.setRequestHandler('resources/list', ({ params }, context) =>
    guarded(log, () => parts.listResources(callOf(context), params?.cursor)),
  )
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: parts.listTemplates() }))
  server.setRequestHandler('resources/read', ({ params }, context) =>
    guarded(log, async () => {
      const resource = await parts.readResource(callOf(context), params.uri)
      if (!resource) throw new ResourceNotFoundError(params.uri)
      return resource
    }),
  )
  return server
}

const instructions =
  'Parley keeps conversations with AI models. Search and read the earlier conversations of the person whose key this is, or ask a model of theirs: `ask` starts or continues a conversation there, which they see.'

const failed = (text: string) => ({ content: [{ type: 'text' as const, text }], isError: true })

function present({ name, title, description, input, isReadOnly }: McpTool) {
  const { $schema: _, ...inputSchema } = z.toJSONSchema(input, { io: 'input' })
  return {
    name,
    title,
    description,
    inputSchema: inputSchema as { type: 'object' },
    annotations: { readOnlyHint: isReadOnly, openWorldHint: false },
  }
}

async function tellProgress({ mcpReq }: ServerContext, progress: number, message: string): Promise<void> {
  const progressToken = mcpReq._meta?.progressToken
  if (progressToken === undefined) return
  await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, message } })
}

function inWords(error: unknown, log: Logger): string {
  if (error instanceof AppError)
    return [error.message, error.detail, error.issues?.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')]
      .filter(Boolean)
      .join(' ')
  log.error({ err: error }, 'a call by MCP failed')
  return 'Something went wrong here.'
}

/** What is expected is told; everything else is a bug, whose words go nowhere. */
async function guarded<Result>(log: Logger, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ProtocolError) throw error
    const code = error instanceof AppError && error.status < 500 ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError
    throw new ProtocolError(code, inWords(error, log))
  }
}
