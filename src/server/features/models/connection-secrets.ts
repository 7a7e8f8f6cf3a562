import { z } from 'zod'
import type { Provider } from '../../../contract/models.ts'
import type { ConnectionTarget } from '../../platform/llm/index.ts'
import { Secret, type Binding, type Vault } from '../../platform/vault/index.ts'

/** A connection with its secrets still sealed, as it lies in the database and in caches. */
export interface SealedConnection {
  id: string
  workspaceId: string
  provider: Provider
  name: string
  baseUrl: string | null
  sealedKey: Uint8Array | null
  sealedHeaders: Uint8Array | null
  allowsPrivateAddress: boolean
}

export interface ConnectionSecrets {
  apiKey: Secret | null
  headers: Record<string, Secret>
}

const Headers = z.record(z.string(), z.string())

type Place = Pick<SealedConnection, 'id' | 'workspaceId' | 'baseUrl'>

/** The secrets are bound to the origin of the base URL: whoever could change the URL in the database would not get the key sent there. */
function bindingOf({ id, workspaceId, baseUrl }: Place, column: 'sealed_key' | 'sealed_headers'): Binding {
  return { workspaceId, table: 'connection', column, rowId: id, origin: baseUrl === null ? null : new URL(baseUrl).origin }
}

export function sealSecrets(
  vault: Vault,
  place: Place,
  { apiKey, headers }: ConnectionSecrets,
): { sealedKey: Buffer | null; sealedHeaders: Buffer | null } {
  const revealed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()]))
  return {
    sealedKey: apiKey && vault.seal(apiKey, bindingOf(place, 'sealed_key')),
    sealedHeaders:
      Object.keys(revealed).length === 0 ? null : vault.seal(new Secret(JSON.stringify(revealed)), bindingOf(place, 'sealed_headers')),
  }
}

export function openSecrets(vault: Vault, connection: SealedConnection): ConnectionSecrets {
  const headers =
    connection.sealedHeaders &&
    Headers.parse(JSON.parse(vault.open(connection.sealedHeaders, bindingOf(connection, 'sealed_headers')).reveal()))
  return {
    apiKey: connection.sealedKey && vault.open(connection.sealedKey, bindingOf(connection, 'sealed_key')),
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, new Secret(value)])),
  }
}

export function openConnection(vault: Vault, connection: SealedConnection): ConnectionTarget {
  return {
    provider: connection.provider,
    connectionId: connection.id,
    baseUrl: connection.baseUrl,
    allowsPrivateAddress: connection.allowsPrivateAddress,
    ...openSecrets(vault, connection),
  }
}
