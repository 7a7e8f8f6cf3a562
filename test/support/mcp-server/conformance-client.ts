import { createEgress } from '../../../src/server/platform/egress/index.ts'
import { type Asker, isInputRequired, McpFailure, McpSession } from '../../../src/server/platform/mcp/index.ts'
import { fieldsOf } from '../../../src/server/features/mcp-servers/question-fields.ts'
import { signedInCalls } from './conformance-person.ts'

/**
 * What `conformance client --command` runs. Where signing in is looked at, a person of a real app signs in and has a model call the tools; everything else is the
 * session alone, as the server opens it: it lists the tools and calls each, and answers what is asked with what the form has in it already.
 */
const url = process.argv.at(-1)!
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? ''
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as {
  toolCalls?: { name: string; arguments?: Record<string, unknown> }[]
  client_id?: string
  client_secret?: string
}

async function plainCalls(): Promise<void> {
  const never = new AbortController().signal
  const egress = createEgress({ allow: ['localhost', '127.0.0.1'] })
  try {
    const session = await McpSession.open({ transport: 'http', url, headers: {} }, egress, { name: 'Parley', version: '0.1.0' }, {}, never)
    const tools = await session.listTools(never, 10_000)
    const calls = context.toolCalls ?? tools.map((tool) => ({ name: tool.name, arguments: argumentsFor(tool.inputSchema) }))
    for (const { name, arguments: input = {} } of calls) {
      const inputSchema = tools.find((tool) => tool.name === name)?.inputSchema
      try {
        await answeredCall(session, name, input, { signal: never, timeoutMs: 10_000, asker, ...(inputSchema && { inputSchema }) })
      } catch (error) {
        if (!(error instanceof McpFailure)) throw error
        console.error(`${name}: ${error.kind}: ${error.message}`)
      }
    }
    await session.close()
  } finally {
    await egress.close()
  }
}

/** As a call of a turn goes on, with answers at once. */
async function answeredCall(
  session: McpSession,
  name: string,
  input: Record<string, unknown>,
  options: Parameters<McpSession['callTool']>[2],
): Promise<void> {
  let continued: NonNullable<typeof options.continued> | undefined
  for (let round = 0; round < 10; round++) {
    const result = await session.callTool(name, input, { ...options, ...(continued && { continued }) })
    if (!isInputRequired(result)) return
    const answers = Object.entries(result.inputRequests ?? {}).map(async ([key, { method, params }]) => [
      key,
      method === 'elicitation/create' ? await asker.elicit(params as never, options.signal) : { roots: [] },
    ])
    continued = {
      inputResponses: Object.fromEntries(await Promise.all(answers)) as never,
      ...(result.requestState !== undefined && { requestState: result.requestState }),
    }
  }
}

const asker: Asker = {
  owner: 'the person',
  elicit: (params) => {
    const fields = params.mode === 'url' ? undefined : fieldsOf(params.requestedSchema)
    if (!fields) return Promise.resolve({ action: 'cancel' })
    const filled = fields.flatMap((field) => (field.default === null ? [] : [[field.name, field.default] as const]))
    return Promise.resolve({ action: 'accept', content: Object.fromEntries(filled) })
  },
  sample: () => Promise.reject(new Error('not allowed')),
}

/** Something of each kind. */
function argumentsFor(schema: { properties?: Record<string, unknown> }): Record<string, unknown> {
  const values: Record<string, unknown> = { number: 5, integer: 3, boolean: true, string: 'text', array: [], object: {} }
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [
      name,
      values[(property as { type?: string }).type ?? 'string'] ?? 'text',
    ]),
  )
}

if (scenario.startsWith('auth/')) await signedInCalls(url, context)
else await plainCalls()
