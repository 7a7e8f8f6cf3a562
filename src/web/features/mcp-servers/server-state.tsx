import type { McpServer } from '../../../contract/mcp-servers.ts'
import { m } from './strings.ts'

export function ServerState({ server }: { server: McpServer }) {
  const state = !server.isEnabled ? 'off' : server.statusAt === null ? 'untested' : server.status
  const tone = state === 'connected' ? 'success' : state === 'error' ? 'danger' : 'plain'
  return (
    <span className="status" data-tone={tone}>
      {m(`status.${state}`)}
    </span>
  )
}
