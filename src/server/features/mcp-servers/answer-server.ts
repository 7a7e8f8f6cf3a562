import type { CreateMessageRequestParams, CreateMessageResult, ElicitRequestParams, ElicitResult } from '@modelcontextprotocol/client'
import type { QuestionBody } from '../../../contract/tool-questions.ts'
import { type Asker, plainWords } from '../../platform/mcp/index.ts'
import { type CallQuestions, type ToolContext, ToolFailure } from '../tools/index.ts'
import { fieldsOf } from './question-fields.ts'
import type { McpDeps } from './mcp-deps.ts'
import { sample } from './sample.ts'
import type { ServerRow } from './store.ts'

const maxMessageLength = 4_000
/** A server of the older revision holds its connection open meanwhile. */
export const briefMs = 10 * 60_000
/** With the newer one nothing is held: the server has handed over what it needs to go on. */
export const longMs = 24 * 60 * 60_000

/** Puts what a server asks to whoever's turn it is. */
export async function elicit(
  server: ServerRow,
  questions: CallQuestions | undefined,
  params: ElicitRequestParams,
  { key, limitMs }: { key: string; limitMs: number },
): Promise<ElicitResult> {
  // Contacts, visitors and programs are asked nothing on a stranger's behalf.
  if (!questions) return { action: 'decline' }
  const body = questionOf(server, params)
  if (!body) return { action: 'cancel' }
  const { action, values } = await questions.ask({ key, body, limitMs })
  return action === 'accept' && body.kind === 'form' ? { action, content: values } : { action }
}

function questionOf(server: ServerRow, params: ElicitRequestParams): QuestionBody | undefined {
  const message = plainWords(params.message, maxMessageLength, 'keep')
  if (params.mode === 'url') {
    const url = addressOf(params.url)
    return url && { kind: 'url', source: server.name, message, url: url.href, host: url.host }
  }
  const fields = fieldsOf(params.requestedSchema)
  return fields && { kind: 'form', source: server.name, message, fields }
}

/** Opened in the person's browser: an address of the web, without a name and a password that could be taken for its host. */
function addressOf(address: string): URL | undefined {
  const url = address.length <= 4_096 ? URL.parse(address) : null
  return url && ['https:', 'http:'].includes(url.protocol) && url.username === '' && url.password === '' ? url : undefined
}

/** For a server of the older revision, which asks while the call runs. */
export function askerOf(deps: McpDeps, server: ServerRow, context: ToolContext): Asker {
  let count = 0
  return {
    owner: context.actorId,
    async elicit(params, signal) {
      const key = `live:${++count}`
      return Promise.race([elicit(server, context.questions, params, { key, limitMs: briefMs }), ended(signal)])
    },
    async sample(params, signal) {
      const key = `live:${++count}`
      try {
        return await Promise.race([sample(deps, server, context, params, { key, limitMs: briefMs }), ended(signal)])
      } catch (error) {
        // It is told to the server.
        throw error instanceof ToolFailure ? error : new Error('The model did not answer.', { cause: error })
      }
    },
  }
}

/** One question among those that a server has answered with. */
export async function answerRequest(
  deps: McpDeps,
  server: ServerRow,
  context: ToolContext,
  request: { method: string; params?: object | undefined },
  key: string,
): Promise<ElicitResult | CreateMessageResult | { roots: [] }> {
  const at = { key, limitMs: longMs }
  switch (request.method) {
    case 'elicitation/create':
      return elicit(server, context.questions, request.params as ElicitRequestParams, at)
    case 'sampling/createMessage':
      return sample(deps, server, context, request.params as CreateMessageRequestParams, at)
    case 'roots/list':
      return { roots: [] }
    default:
      throw new ToolFailure(`“${server.name}” asks for something that is not offered here.`)
  }
}

function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))
}
