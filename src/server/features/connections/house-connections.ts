import type { ManagedConnection } from '../../config.ts'
import { systemWorkspaceId } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Vault } from '../../platform/vault/index.ts'
import { openSecrets, sealSecrets } from '../models/index.ts'
import type { ConnectionsDeps } from './connections-deps.ts'
import { last4 } from './create-connection.ts'
import { toSealed } from './present.ts'
import { providerNames } from './provider-names.ts'
import * as store from './store.ts'

/** The variables that set a provider up, as an administrator knows them. */
const variables: Record<ManagedConnection['provider'], string> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_API_KEY',
  xai: 'XAI_API_KEY',
  'openai-compatible': 'OPENAI_COMPATIBLE_BASE_URL',
  ollama: 'OLLAMA_BASE_URL',
}

const builtIn = 'built-in'
export const ollamaSearch = 'ollama-search'

/**
 * Makes the house's connections what the environment says: new ones are added, changed ones changed, those whose variable went away removed.
 * The built-in one is always there. Asks no provider, so that a dead one delays nothing.
 */
export async function saveHouseConnections(deps: Pick<ConnectionsDeps, 'config' | 'db' | 'vault'>): Promise<void> {
  const { connections, ollama } = deps.config.providers
  await deps.db.transaction().execute(async (tx) => {
    const known = new Map((await store.listManaged(tx)).map((row) => [row.managed_by, row]))
    const wanted = new Set([
      builtIn,
      ...connections.map(({ provider }) => variables[provider]),
      ...(ollama.kind === 'search' ? [ollamaSearch] : []),
    ])
    for (const [variable, row] of known) if (variable !== null && !wanted.has(variable)) await store.deleteConnection(tx, row.id)
    if (!known.has(builtIn))
      await insert(tx, deps.vault, builtIn, { provider: 'built-in', name: providerNames['built-in'], baseUrl: null, apiKey: null }, false)
    for (const connection of connections) {
      const variable = variables[connection.provider]
      const row = known.get(variable)
      if (!row) await insert(tx, deps.vault, variable, connection, connection.baseUrl !== null)
      else if (isChanged(deps.vault, row, connection)) await change(tx, deps.vault, row, connection)
    }
  })
}

type Wanted = Omit<ManagedConnection, 'provider'> & { provider: store.ConnectionRow['provider'] }

/** A base URL of the environment was chosen by an administrator, so it may lead into a private network. */
export async function insert(
  tx: Tx,
  vault: Vault,
  managedBy: string,
  { provider, name, baseUrl, apiKey }: Wanted,
  allowsPrivateAddress: boolean,
): Promise<void> {
  const id = newId()
  await store.insertConnection(tx, {
    id,
    workspace_id: systemWorkspaceId,
    owner_id: null,
    provider,
    name,
    base_url: baseUrl,
    sealed_key: sealSecrets(vault, { id, workspaceId: systemWorkspaceId, baseUrl }, { apiKey, headers: {} }).sealedKey,
    key_last4: last4(apiKey?.reveal() ?? null),
    managed_by: managedBy,
    allows_private_address: allowsPrivateAddress,
    is_default: !(await store.hasHouseDefault(tx, provider)),
  })
}

function isChanged(vault: Vault, row: store.ConnectionRow, wanted: ManagedConnection): boolean {
  if (row.name !== wanted.name || row.base_url !== wanted.baseUrl) return true
  return (
    openSecrets(vault, toSealed(row)).apiKey?.reveal() !== wanted.apiKey?.reveal() ||
    (row.sealed_key !== null && vault.isStale(row.sealed_key))
  )
}

async function change(tx: Tx, vault: Vault, row: store.ConnectionRow, { name, baseUrl, apiKey }: ManagedConnection): Promise<void> {
  await store.updateConnection(tx, row.id, {
    name,
    base_url: baseUrl,
    sealed_key: sealSecrets(vault, { id: row.id, workspaceId: row.workspace_id, baseUrl }, { apiKey, headers: {} }).sealedKey,
    key_last4: last4(apiKey?.reveal() ?? null),
    allows_private_address: baseUrl !== null,
    status: 'untested',
    status_reason: null,
  })
}
