import { z } from 'zod'
import { NewMcpServer } from '../../../contract/mcp-servers.ts'
import { AppError } from '../../platform/errors/index.ts'

export type NewServer = z.infer<typeof NewMcpServer>

const maxServers = 50
const transports: Record<string, NewServer['transport']> = {
  stdio: 'stdio',
  local: 'stdio',
  http: 'http',
  'streamable-http': 'http',
  streamableHttp: 'http',
  remote: 'http',
  sse: 'sse',
}

/** As other clients write it: settings that they have and we have not are passed over. */
const Entry = z.looseObject({
  type: z.string().optional(),
  transport: z.string().optional(),
  command: z.string().optional(),
  args: z.array(z.coerce.string()).optional(),
  env: z.record(z.string(), z.coerce.string()).optional(),
  url: z.string().optional(),
  serverUrl: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
})
const Entries = z.record(z.string(), Entry)

/** `{"mcpServers": {…}}`, `{"servers": {…}}` or what stands in them. Errors: `request.invalid`, with the place and what is wrong. */
export function readSnippet(json: string): NewServer[] {
  const parsed = parse(json)
  const outer = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Record<string, unknown>
  const entries = Entries.safeParse(outer['mcpServers'] ?? outer['servers'] ?? outer)
  if (!entries.success) throw invalid(entries.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`))
  const names = Object.keys(entries.data)
  if (names.length === 0) throw invalid(['There is no server in it.'])
  if (names.length > maxServers) throw invalid([`At most ${maxServers} servers at once.`])
  const read = names.map((name) => serverOf(name, entries.data[name]!))
  const problems = read.flatMap((one) => ('problems' in one ? one.problems : []))
  if (problems.length > 0) throw invalid(problems)
  return read.flatMap((one) => ('server' in one ? [one.server] : []))
}

function serverOf(name: string, entry: z.infer<typeof Entry>): { server: NewServer } | { problems: string[] } {
  const url = entry.url ?? entry.serverUrl
  const said = entry.type ?? entry.transport
  const transport = said === undefined ? (url === undefined ? 'stdio' : 'http') : transports[said]
  if (!transport) return { problems: [`${name}: the kind “${said}” is not known.`] }
  const given = {
    name,
    transport,
    ...(transport === 'stdio'
      ? { command: entry.command, args: entry.args ?? [], env: entry.env ?? {} }
      : { url, headers: entry.headers ?? {} }),
  }
  const checked = NewMcpServer.safeParse(given)
  if (!checked.success) return { problems: checked.error.issues.map(({ path, message }) => `${name}: ${path.join('.')} ${message}`) }
  const server = checked.data
  if (transport === 'stdio' && !server.command) return { problems: [`${name}: there is neither a command nor an address.`] }
  if (transport !== 'stdio' && !server.url) return { problems: [`${name}: there is no address.`] }
  return { server }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw invalid([`This is not JSON: ${error instanceof Error ? error.message : ''}`])
  }
}

function invalid(messages: string[]): AppError {
  return new AppError('request.invalid', { issues: messages.slice(0, 20).map((message) => ({ path: ['json'], message })) })
}
