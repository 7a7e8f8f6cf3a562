import type { mcpServers as contract } from '../../../contract/mcp-servers.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { McpFailure } from '../../platform/mcp/index.ts'
import { requireServer } from './access.ts'
import { announceChange, announceCredential } from './announce-change.ts'
import { userOf } from './connect.ts'
import type { McpDeps } from './mcp-deps.ts'
import { noteFailure } from './note-status.ts'
import { presentServer, presentTool } from './present.ts'
import { refreshTools } from './refresh-tools.ts'
import { sealCredential } from './secrets.ts'
import * as credentialStore from './credential-store.ts'
import * as store from './store.ts'

const testTimeoutMs = 75_000

/** Connects anew and lists the tools. A failure is an answer too. */
export async function testServer(deps: McpDeps, actor: Actor, id: string): Promise<OutputOf<typeof contract.test>> {
  const server = await requireServer(deps.db, actor, 'test', id)
  await askAgain(deps, server, userOf(server, actor.principalId))
  return presentServer(actor, await requireServer(deps.db, actor, 'test', id))
}

/** On a new connection. What goes wrong becomes the server's status. */
export async function askAgain(deps: McpDeps, server: store.ServerRow, userId: string | null): Promise<void> {
  const key = `${server.id}:${userId ?? ''}`
  // Who presses at the same moment gets the same answer: two would end each other's connections.
  const running = testing.get(key) ?? ask(deps, server, userId).finally(() => testing.delete(key))
  testing.set(key, running)
  await running
}

const testing = new Map<string, Promise<void>>()

async function ask(deps: McpDeps, server: store.ServerRow, userId: string | null): Promise<void> {
  await deps.pool.drop(`${server.id}:${userId ?? ''}`)
  try {
    await refreshTools(deps, server, userId, AbortSignal.timeout(testTimeoutMs))
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError'
    if (!(error instanceof McpFailure) && !isTimeout) throw error
    await noteFailure(
      deps,
      server,
      userId,
      error instanceof McpFailure ? error : new McpFailure('timeout', 'The server did not answer in time.'),
    )
  }
}

export async function setPermissions(
  deps: McpDeps,
  actor: Actor,
  { id, toolIds, permission, hashes }: InputOf<typeof contract.setPermissions>,
): Promise<OutputOf<typeof contract.setPermissions>> {
  const server = await requireServer(deps.db, actor, 'update', id)
  const { tools, announce } = await deps.db.transaction().execute(async (tx) => {
    const unique = [...new Set<string>(toolIds)]
    if (
      hashes &&
      (await store.lockHashes(tx, server, unique)).some(({ id: tool, hash }) => hashes[toolIds.indexOf(tool as never)] !== hash)
    )
      throw new AppError('mcp-tool.changed')
    if ((await store.setPermissions(tx, server, unique, permission)) < unique.length) throw new AppError('mcp-tool.not_found')
    return { tools: await store.listTools(tx, server.workspace_id, id), announce: await announceChange(deps, tx, server.workspace_id) }
  })
  announce()
  return tools.map(presentTool)
}

/** A person's own headers, sealed for this server and nobody else to read. */
export async function setCredential(
  deps: McpDeps,
  actor: Actor,
  { id, headers }: InputOf<typeof contract.setCredential>,
): Promise<OutputOf<typeof contract.setCredential>> {
  const server = await requireServer(deps.db, actor, 'use', id)
  if (server.credentials !== 'personal') throw new AppError('mcp-server.no_credential')
  const credentialId = newId()
  await credentialStore.saveCredential(deps.db, {
    id: credentialId,
    workspace_id: server.workspace_id,
    server_id: server.id,
    user_id: actor.principalId,
    kind: 'header',
    sealed: sealCredential(deps.vault, server, credentialId, headers),
    expires_at: null,
    failure: null,
  })
  return changedFor(deps, actor, server, true)
}

export async function deleteCredential(deps: McpDeps, actor: Actor, id: string): Promise<OutputOf<typeof contract.deleteCredential>> {
  const server = await requireServer(deps.db, actor, 'use', id)
  await deps.db.transaction().execute((tx) => credentialStore.deleteCredential(tx, server, actor.principalId))
  return changedFor(deps, actor, server, false)
}

/** On every device of this person, and for the next call. */
async function changedFor(deps: McpDeps, actor: Actor, server: store.ServerRow, isConnected: boolean) {
  await deps.dropEverywhere(`${server.id}:${actor.principalId}`)
  await announceCredential(deps, actor, server, isConnected)
  return presentServer(actor, await requireServer(deps.db, actor, 'use', server.id))
}
