import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AddonId } from '../../../contract/addon-choices.ts'
import { McpFailure, McpSession, type McpTarget, type Opening } from '../../platform/mcp/index.ts'
import { Secret } from '../../platform/vault/index.ts'
import { bearerOf } from './oauth-tokens.ts'
import type { McpDeps } from './mcp-deps.ts'
import { noteClosed, noteFailure, noteOpened } from './note-status.ts'
import { openAll, openCredential, toSecrets } from './secrets.ts'
import * as credentialStore from './credential-store.ts'
import type * as store from './store.ts'

/** Where the credentials are a person's, so is the connection. */
export function userOf(server: Pick<store.ServerRow, 'credentials'>, actorId: string): string | null {
  return server.credentials === 'shared' ? null : actorId
}

/** Ends the keys of connections to a server as it is since then. */
export function suffixOf(updatedAt: Date): string {
  return `:${updatedAt.getTime()}`
}

/** How the pool comes to a connection to this server for this person. */
export function openingOf(deps: McpDeps, server: store.ServerRow, userId: string | null): Opening {
  const addon = addonOf(server)
  return {
    // One that was opened for how it was before is used by nobody any more, in whichever process.
    key: `${server.id}:${userId ?? ''}${suffixOf(server.updated_at)}`,
    isProcess: server.transport === 'stdio',
    ...(addon !== null && { group: addon }),
    open: async ({ onClosed }, signal) =>
      McpSession.open(
        await targetOf(deps, server, userId),
        deps.egress,
        { name: 'Parley', version: deps.version },
        {
          ...(onClosed && { onClosed }),
          onToolsChanged: () => deps.onListChanged(server, userId),
          offersSampling: server.sampling !== 'deny',
        },
        signal,
      ),
    onState: (state) => {
      if (state.isOpen) void noteOpened(deps, server, state.session)
      else if (state.failure) void noteFailure(deps, server, userId, state.failure)
      else void noteClosed(deps, server)
    },
  }
}

/** The optional part of this server that it belongs to. */
export function addonOf({ transport, package_version_id }: Pick<store.ServerRow, 'transport' | 'package_version_id'>): AddonId | null {
  if (package_version_id !== null) return 'package-tools'
  return transport === 'stdio' ? 'tool-programs' : null
}

async function targetOf(deps: McpDeps, server: store.ServerRow, userId: string | null): Promise<McpTarget> {
  const addon = addonOf(server)
  if (addon !== null && !deps.switches.isOn(addon)) {
    const what = addon === 'package-tools' ? 'Tools of agent packages' : 'Tool servers that are programs'
    throw new McpFailure('stopped', `${what} are switched off on this server.`)
  }
  if (server.package_version_id !== null)
    return deps.packageTarget({ workspaceId: server.workspace_id, packageVersionId: server.package_version_id })
  if (server.transport === 'stdio') {
    const cwd = join(deps.config.dataDir, 'mcp-servers', server.id)
    await mkdir(cwd, { recursive: true, mode: 0o700 })
    // Nothing of this process's own environment but where programs are found.
    const own = { PATH: new Secret(deps.config.programs.path), HOME: new Secret(cwd), LANG: new Secret('C.UTF-8') }
    return {
      transport: 'stdio',
      command: server.command!,
      args: server.args,
      env: { ...own, ...openAll(deps.vault, server, 'sealed_env') },
      cwd,
    }
  }
  return {
    transport: server.transport,
    url: server.url!,
    headers: {
      ...openAll(deps.vault, server, 'sealed_headers'),
      ...(userId && server.credentials === 'personal' && (await headersOf(deps, server, userId))),
    },
    ...(userId && server.credentials === 'oauth' && { bearer: bearerOf(deps, server, userId) }),
  }
}

async function headersOf(deps: McpDeps, server: store.ServerRow, userId: string): Promise<Record<string, Secret>> {
  const credential = await credentialStore.findCredential(deps.db, server, userId)
  if (!credential) throw new McpFailure('unauthorized', 'You have given no credentials for it yet.')
  return toSecrets(openCredential(deps.vault, server, credential))
}
