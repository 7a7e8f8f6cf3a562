import type { mcpServers as contract } from '../../../contract/mcp-servers.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import { checkProgram, refusePackage, requireServer } from './access.ts'
import { announceChange } from './announce-change.ts'
import type { McpDeps } from './mcp-deps.ts'
import { presentServer } from './present.ts'
import { givenClient, openAll, sealAll, sealClient } from './secrets.ts'
import * as credentialStore from './credential-store.ts'
import * as store from './store.ts'

type Input = InputOf<typeof contract.update>

/** Open connections end; the next call opens one as it is now. */
export async function updateServer(deps: McpDeps, actor: Actor, input: Input): Promise<OutputOf<typeof contract.update>> {
  const row = await requireServer(deps.db, actor, 'update', input.id)
  // It may be switched off by who runs the workspace; what it is made of is the package's.
  if (Object.keys(input).some((field) => !['id', 'isEnabled'].includes(field))) refusePackage(row)
  if (row.transport === 'stdio') {
    if (input.command !== undefined || input.args !== undefined || input.env !== undefined) checkProgram(actor)
    refuse(input, ['url', 'headers', 'credentials', 'oauthClient'])
  } else refuse(input, ['command', 'args', 'env'])
  const { changed, announce } = await deps.db.transaction().execute(async (tx) => {
    const { name, url, command, args, credentials, trustsHints, sampling, oauthClient, isEnabled } = input
    await store.updateServer(tx, row, {
      ...(name !== undefined && { name }),
      ...(url !== undefined && { url }),
      ...(command !== undefined && { command }),
      ...(args !== undefined && { args }),
      ...(credentials !== undefined && { credentials }),
      ...(trustsHints !== undefined && { trusts_hints: trustsHints }),
      ...(sampling !== undefined && { sampling }),
      ...(originOf(url ?? row.url) !== originOf(row.url) && { sealed_client: null }),
      ...(oauthClient !== undefined && {
        sealed_client: oauthClient && sealClient(deps.vault, { ...row, url: url ?? row.url }, givenClient(oauthClient)),
      }),
      ...(isEnabled !== undefined && { is_enabled: isEnabled }),
      ...secretsOf(deps, row, input),
    })
    const isElsewhere = url !== undefined && originOf(url) !== originOf(row.url)
    if (isElsewhere || (credentials !== undefined && credentials !== row.credentials)) await credentialStore.deleteCredentials(tx, row)
    if (isEnabled === false) await store.noteStatus(tx, row, { status: 'disconnected', status_reason: null })
    const changed = (await store.findServer(tx, [row.workspace_id], actor.principalId, row.id))!
    return { changed, announce: await announceChange(deps, tx, row.workspace_id) }
  })
  announce()
  if (Object.keys(input).some((field) => !['id', 'name', 'trustsHints'].includes(field)))
    void deps.dropEverywhere(`${row.id}:`, changed.updated_at)
  return presentServer(actor, changed)
}

export async function deleteServer(deps: McpDeps, actor: Actor, id: string): Promise<{ ok: true }> {
  const row = await requireServer(deps.db, actor, 'delete', id)
  refusePackage(row)
  const announce = await deps.db.transaction().execute(async (tx) => {
    // Another server may be given its name.
    const names = await store.listCallNames(tx, row)
    await store.deleteServer(tx, row)
    await deps.forgetAllowed(tx, row.workspace_id, [...names, `${row.slug}__read_resource`])
    return announceChange(deps, tx, row.workspace_id)
  })
  announce()
  void deps.dropEverywhere(`${row.id}:`)
  return { ok: true }
}

/** Sealed anew where the address changes within its origin, since they are bound to it; asked for again where it leads elsewhere. */
function secretsOf(deps: McpDeps, row: store.ServerRow, { url, env, headers }: Input) {
  if (env !== undefined) return { sealed_env: sealAll(deps.vault, row, 'sealed_env', env), env_names: Object.keys(env) }
  const place = { ...row, url: url ?? row.url }
  if (headers !== undefined)
    return { sealed_headers: sealAll(deps.vault, place, 'sealed_headers', headers), header_names: Object.keys(headers) }
  if (url === undefined || row.sealed_headers === null) return {}
  if (originOf(url) !== originOf(row.url))
    throw new AppError('request.invalid', { issues: [{ path: ['headers'], message: 'are needed again, since the address changes' }] })
  const known = Object.fromEntries(
    Object.entries(openAll(deps.vault, row, 'sealed_headers')).map(([name, value]) => [name, value.reveal()]),
  )
  return { sealed_headers: sealAll(deps.vault, place, 'sealed_headers', known) }
}

function refuse(input: Input, names: readonly (keyof Input)[]): void {
  const issues = names
    .filter((name) => input[name] !== undefined)
    .map((name) => ({ path: [name], message: 'is of no use with this transport' }))
  if (issues.length > 0) throw new AppError('request.invalid', { issues })
}

function originOf(url: string | null): string | null {
  return url === null ? null : new URL(url).origin
}
