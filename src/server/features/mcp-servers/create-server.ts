import type { mcpServers as contract } from '../../../contract/mcp-servers.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { checkProgram } from './access.ts'
import { announceChange } from './announce-change.ts'
import type { McpDeps } from './mcp-deps.ts'
import { presentServer } from './present.ts'
import { givenClient, sealAll, sealClient } from './secrets.ts'
import { slugOf } from './slug.ts'
import { type NewServer, readSnippet } from './snippet.ts'
import * as store from './store.ts'

const maxServers = 300

export async function createServer(
  deps: McpDeps,
  actor: Actor,
  input: InputOf<typeof contract.create>,
): Promise<OutputOf<typeof contract.create>> {
  const { workspaceId, ...server } = input
  check(actor, 'mcp-server', 'create', { workspaceId })
  requireParts(server)
  return (await addAll(deps, actor, workspaceId, [server]))[0]!
}

/** All that the text names, or none. */
export async function createFromJson(
  deps: McpDeps,
  actor: Actor,
  { workspaceId, json }: InputOf<typeof contract.createFromJson>,
): Promise<OutputOf<typeof contract.createFromJson>> {
  check(actor, 'mcp-server', 'create', { workspaceId })
  return addAll(deps, actor, workspaceId, readSnippet(json))
}

async function addAll(deps: McpDeps, actor: Actor, workspaceId: string, servers: readonly NewServer[]) {
  if (servers.some(({ transport }) => transport === 'stdio')) checkProgram(actor)
  const ids = servers.map(() => newId())
  const { rows, announce } = await deps.db.transaction().execute(async (tx) => {
    const slugs = await store.lockSlugs(tx, workspaceId)
    if (slugs.length + servers.length > maxServers) throw new AppError('mcp-server.too_many')
    const others = await deps.listOtherSlugs(tx, workspaceId)
    for (const [index, server] of servers.entries()) {
      const slug = slugOf(server.name, [...slugs, ...others])
      slugs.push(slug)
      await store.insertServer(tx, rowOf(deps, actor, { id: ids[index]!, workspaceId, slug }, server))
    }
    const all = await Promise.all(ids.map((id) => store.findServer(tx, [workspaceId], actor.principalId, id)))
    return { rows: all.map((row) => row!), announce: await announceChange(deps, tx, workspaceId) }
  })
  announce()
  return rows.map((row) => presentServer(actor, row))
}

function rowOf(deps: McpDeps, actor: Actor, place: { id: string; workspaceId: string; slug: string }, server: NewServer) {
  const isProgram = server.transport === 'stdio'
  const sealedIn = { id: place.id, workspace_id: place.workspaceId, url: isProgram ? null : server.url! }
  return {
    ...sealedIn,
    slug: place.slug,
    name: server.name,
    transport: server.transport,
    command: isProgram ? server.command! : null,
    args: server.args,
    sealed_env: sealAll(deps.vault, sealedIn, 'sealed_env', server.env),
    env_names: Object.keys(server.env),
    sealed_headers: sealAll(deps.vault, sealedIn, 'sealed_headers', server.headers),
    header_names: Object.keys(server.headers),
    credentials: server.credentials,
    sealed_client: server.oauthClient ? sealClient(deps.vault, sealedIn, givenClient(server.oauthClient)) : null,
    trusts_hints: server.trustsHints,
    created_by: actor.principalId,
  }
}

/** What a transport cannot do without, and what it has no use for. */
function requireParts({ transport, url, command, args, env, headers, credentials, oauthClient }: NewServer): void {
  const issues = []
  const needless = 'is of no use with this transport'
  if (transport === 'stdio') {
    if (command === undefined) issues.push({ path: ['command'], message: 'is needed for a program' })
    if (url !== undefined) issues.push({ path: ['url'], message: needless })
    if (Object.keys(headers).length > 0) issues.push({ path: ['headers'], message: needless })
    if (credentials !== 'shared') issues.push({ path: ['credentials'], message: 'a program has one environment for everybody' })
  } else {
    if (url === undefined) issues.push({ path: ['url'], message: 'is needed' })
    if (command !== undefined) issues.push({ path: ['command'], message: needless })
    if (args.length > 0) issues.push({ path: ['args'], message: needless })
    if (Object.keys(env).length > 0) issues.push({ path: ['env'], message: needless })
  }
  if (oauthClient && credentials !== 'oauth') issues.push({ path: ['oauthClient'], message: 'is of use where people sign in' })
  if (issues.length > 0) throw new AppError('request.invalid', { issues })
}
