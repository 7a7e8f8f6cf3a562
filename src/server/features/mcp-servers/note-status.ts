import type { McpFailure, McpSession } from '../../platform/mcp/index.ts'
import { plainWords } from '../../platform/mcp/index.ts'
import { announceChange } from './announce-change.ts'
import type { McpDeps } from './mcp-deps.ts'
import * as credentialStore from './credential-store.ts'
import * as store from './store.ts'

type Noted = Parameters<typeof store.noteStatus>[2]

export function noteOpened(deps: McpDeps, server: store.ServerRow, session: McpSession): Promise<void> {
  const { name, version, protocol } = session.identity
  return note(deps, server, {
    status: 'connected',
    status_reason: null,
    server_name: name && plainWords(name, 100),
    server_version: version && plainWords(version, 50),
    protocol,
    has_resources: session.hasResources,
  })
}

/** Nobody used it for a while. */
export function noteClosed(deps: McpDeps, server: store.ServerRow): Promise<void> {
  return note(deps, server, { status: 'disconnected', status_reason: null })
}

/** Where credentials are a person's, what they are refused for is theirs, and says nothing of the server. */
export function noteFailure(deps: McpDeps, server: store.ServerRow, userId: string | null, failure: McpFailure): Promise<void> {
  if (failure.kind !== 'unauthorized' || userId === null)
    return note(deps, server, { status: 'error', status_reason: plainWords(failure.message, 1_000) })
  return quietly(deps, server, async () => {
    const announce = await deps.db
      .transaction()
      .execute(async (tx) =>
        (await credentialStore.failCredential(tx, server, userId, failure.message))
          ? deps.tell(tx, [userId], { type: 'mcp-servers-changed' })
          : () => {},
      )
    announce()
  })
}

function note(deps: McpDeps, server: store.ServerRow, state: Noted): Promise<void> {
  return quietly(deps, server, async () => {
    const announce = await deps.db.transaction().execute(async (tx) => {
      if (!(await store.noteStatus(tx, server, state))) return undefined
      return announceChange(deps, tx, server.workspace_id)
    })
    announce?.()
  })
}

/** A status that cannot be written down is no reason for a call to fail. */
async function quietly(deps: McpDeps, { id }: store.ServerRow, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    deps.log.warn({ err: error, mcpServerId: id }, 'the status of a tool server could not be noted')
  }
}
