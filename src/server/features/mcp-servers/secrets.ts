import { z } from 'zod'
import { Secret, type Vault } from '../../platform/vault/index.ts'
import type { CredentialRow } from './credential-store.ts'
import type { ServerRow } from './store.ts'

const Strings = z.record(z.string(), z.string())
type Secrets = Record<string, Secret>
type Place = Pick<ServerRow, 'id' | 'workspace_id' | 'url'>

/** Bound to where they are sent: whoever may change the address must not have them sent to himself. */
function bindingOf({ id, workspace_id, url }: Place, column: string) {
  return { workspaceId: workspace_id, table: 'mcp_server', column, rowId: id, origin: url === null ? null : new URL(url).origin }
}

export function sealAll(
  vault: Vault,
  place: Place,
  column: 'sealed_env' | 'sealed_headers',
  values: Readonly<Record<string, string>>,
): Buffer | null {
  return Object.keys(values).length === 0 ? null : vault.seal(new Secret(JSON.stringify(values)), bindingOf(place, column))
}

export function openAll(vault: Vault, row: ServerRow, column: 'sealed_env' | 'sealed_headers'): Secrets {
  const sealed = row[column]
  return sealed ? toSecrets(vault.open(sealed, bindingOf(row, column))) : {}
}

const credentialBinding = (server: Place, credentialId: string) => ({
  workspaceId: server.workspace_id,
  table: 'mcp_credential',
  column: 'sealed',
  rowId: credentialId,
  origin: server.url === null ? null : new URL(server.url).origin,
})

export function sealCredential(vault: Vault, server: Place, credentialId: string, value: unknown): Buffer {
  return vault.seal(new Secret(JSON.stringify(value)), credentialBinding(server, credentialId))
}

export function openCredential(vault: Vault, server: Place, row: CredentialRow): Secret {
  return vault.open(row.sealed, credentialBinding(server, row.id))
}

export function toSecrets(json: Secret): Secrets {
  return Object.fromEntries(Object.entries(Strings.parse(JSON.parse(json.reveal()))).map(([name, value]) => [name, new Secret(value)]))
}

/** Of a row of this table that belongs to the server, bound to the server's origin. */
export function sealFor(
  vault: Vault,
  server: Place,
  table: 'mcp_server' | 'mcp_authorization',
  column: string,
  rowId: string,
  value: unknown,
): Buffer {
  return vault.seal(new Secret(JSON.stringify(value)), { ...credentialBinding(server, rowId), table, column })
}

export function openFor(
  vault: Vault,
  server: Place,
  table: 'mcp_server' | 'mcp_authorization',
  column: string,
  rowId: string,
  sealed: Buffer,
): unknown {
  return JSON.parse(vault.open(sealed, { ...credentialBinding(server, rowId), table, column }).reveal())
}

/** Ours at its authorisation server. */
export function sealClient(vault: Vault, server: Place, client: unknown): Buffer {
  return sealFor(vault, server, 'mcp_server', 'sealed_client', server.id, client)
}

export function givenClient({ clientId, clientSecret }: { clientId: string; clientSecret?: string | undefined }) {
  return {
    issuer: null,
    redirectUrl: null,
    client: { client_id: clientId, ...(clientSecret !== undefined && { client_secret: clientSecret }) },
  }
}
