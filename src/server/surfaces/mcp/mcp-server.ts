import {
  type CompleteRequestParams,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type RequestStateCodec,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Action, Resource } from '../../../contract/endpoint.ts'
import { type Actor, may } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import type { Secret } from '../../platform/vault/index.ts'
import type { Answers, Completion, McpCall, McpParts, McpTool, Question } from './parts.ts'

/** What a client carries while its person decides: ours, unchanged, for whom and for what it was given. */
export type StateCodec = RequestStateCodec<object>

/** A person may take that long. */
const stateSeconds = 3_600
const maxCompletions = 100

export function stateCodec(secret: Secret): StateCodec {
  return createRequestStateCodec<object>({
    key: secret.reveal(),
    ttlSeconds: stateSeconds,
    bind: ({ mcpReq, http }) => `${mcpReq.method}\0${http?.authInfo?.clientId ?? ''}`,
  })
}

/** One request's server: the protocol is stateless, what it shows depends on who asks. */
export function makeMcpServer(parts: McpParts, actor: Actor, version: string, log: Logger, states: StateCodec): Server {
  const server = new Server(
    { name: 'parley', title: 'Parley', version },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
      instructions,
      requestState: { verify: states.verify },
    },
  )
  const callOf = (context: ServerContext): McpCall => ({
    actor,
    context,
    progress: (done, message) => tellProgress(context, done, message),
    askBack: canElicit(server) ? (state, questions) => askBack(states, context, state, questions) : undefined,
    mint: (state) => states.mint(state, context),
    back: broughtBack(context),
  })
  const tools = parts.tools.filter(({ needs }) => needs.every((need) => holds(actor, need)))

  server.setRequestHandler('tools/list', () => ({ tools: tools.map(present) }))
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = tools.find(({ name }) => name === params.name)
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool named ${params.name}.`)
    const input = tool.input.safeParse(params.arguments ?? {})
    if (!input.success) return failed(`The arguments are not valid:\n${z.prettifyError(input.error)}`)
    try {
      const answer = await tool.run(input.data as never, callOf(context))
      return typeof answer === 'string' ? { content: [{ type: 'text', text: answer }] } : answer
    } catch (error) {
      if (error instanceof ProtocolError) throw error
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
  server.setRequestHandler('resources/templates/list', (_, context) => ({ resourceTemplates: parts.listTemplates(callOf(context)) }))
  server.setRequestHandler('resources/read', ({ params }, context) =>
    guarded(log, async () => {
      const resource = await parts.readResource(callOf(context), params.uri)
      if (!resource) throw new ResourceNotFoundError(params.uri)
      return resource
    }),
  )
  server.setRequestHandler('completion/complete', ({ params }, context) =>
    guarded(log, async () => {
      const values = await parts.complete(callOf(context), completionOf(params))
      return { completion: { values: values.slice(0, maxCompletions), total: values.length, hasMore: values.length > maxCompletions } }
    }),
  )
  return server
}

const instructions =
  'Parley keeps conversations with AI models and agents. Search and read the earlier conversations of the person in whose name you come, or ask a model or an agent of theirs: that starts or continues a conversation there, which they see.'

const failed = (text: string) => ({ content: [{ type: 'text' as const, text }], isError: true })

function holds(actor: Actor, need: McpTool['needs'][number]): boolean {
  const [resource, action] = need.split(':') as [Resource, Action]
  return may(actor, resource, action, { workspaceId: actor.homeWorkspaceId })
}

function present({ name, title, description, input, inputSchema, isReadOnly }: McpTool) {
  const { $schema: _, ...derived } = z.toJSONSchema(input, { io: 'input' })
  return {
    name,
    title,
    description,
    inputSchema: (inputSchema ?? derived) as { type: 'object' },
    annotations: { readOnlyHint: isReadOnly, openWorldHint: false },
  }
}

/** Only revision 2026-07-28 can: of the older one there are no sessions here. */
function canElicit(server: Server): boolean {
  const { elicitation } = server.getClientCapabilities() ?? {}
  // Whoever names no mode means forms.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined)
}

async function askBack(states: StateCodec, context: ServerContext, state: object, questions: Record<string, Question>) {
  return inputRequired({
    requestState: await states.mint(state, context),
    inputRequests: Object.fromEntries(
      Object.entries(questions).map(([key, { message, label, options }]) => [
        key,
        inputRequired.elicit({
          message,
          requestedSchema: {
            type: 'object',
            properties: {
              answer: { type: 'string', title: label, oneOf: options.map(({ value, label: title }) => ({ const: value, title })) },
            },
            required: ['answer'],
          },
        }),
      ]),
    ),
  })
}

/** To cancel is not to answer: it is asked again, or decided in Parley. */
function broughtBack({ mcpReq }: ServerContext): McpCall['back'] {
  const state = mcpReq.requestState<object>()
  if (state === undefined || typeof state !== 'object') return undefined
  const answers: Answers = {}
  for (const key of Object.keys(mcpReq.inputResponses ?? {})) {
    const response = inputResponse(mcpReq.inputResponses, key)
    if (response.kind !== 'elicit') continue
    if (response.action === 'decline') answers[key] = 'declined'
    if (response.action === 'accept' && typeof response.content?.['answer'] === 'string') answers[key] = response.content['answer']
  }
  return { state, answers }
}

function completionOf({ ref, argument }: CompleteRequestParams): Completion {
  return {
    of: ref.type === 'ref/prompt' ? { prompt: ref.name } : { template: ref.uri },
    argument: argument.name,
    value: argument.value,
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
