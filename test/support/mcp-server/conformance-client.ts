import { createEgress } from '../../../src/server/platform/egress/index.ts'
import { McpFailure, McpSession } from '../../../src/server/platform/mcp/index.ts'

/**
 * What `conformance client --command` runs: connects as the server does, lists the tools and calls each. What needs credentials is not asked for here
 * (see docs/conformance/mcp-client.md).
 */
const url = process.argv.at(-1)!
const never = new AbortController().signal
const egress = createEgress({ allow: ['localhost', '127.0.0.1'] })
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as {
  toolCalls?: { name: string; arguments?: Record<string, unknown> }[]
}

try {
  const session = await McpSession.open({ transport: 'http', url, headers: {} }, egress, { name: 'Parley', version: '0.1.0' }, {}, never)
  const tools = await session.listTools(never, 10_000)
  const calls = context.toolCalls ?? tools.map((tool) => ({ name: tool.name, arguments: argumentsFor(tool.inputSchema) }))
  for (const { name, arguments: input = {} } of calls) {
    const inputSchema = tools.find((tool) => tool.name === name)?.inputSchema
    try {
      await session.callTool(name, input, { signal: never, timeoutMs: 10_000, ...(inputSchema && { inputSchema }) })
    } catch (error) {
      if (!(error instanceof McpFailure)) throw error
      console.error(`${name}: ${error.kind}: ${error.message}`)
    }
  }
  await session.close()
} finally {
  await egress.close()
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
