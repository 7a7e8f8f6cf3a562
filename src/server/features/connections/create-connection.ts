import type { connections } from '../../../contract/models.ts'
import { check, systemWorkspaceId, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { Secret } from '../../platform/vault/index.ts'
import { saveListedModels, sealSecrets, type ConnectionSecrets } from '../models/index.ts'
import { checkConnection } from './access.ts'
import type { ConnectionsDeps } from './connections-deps.ts'
import { presentConnection } from './present.ts'
import { probe } from './probe.ts'
import { providerNames } from './provider-names.ts'
import * as store from './store.ts'
import { tellConcerned } from './tell-concerned.ts'

type Input = InputOf<(typeof connections)['create']>

/** Tested against the provider first; only a key that works is sealed and kept. */
export async function createConnection(deps: ConnectionsDeps, actor: Actor, input: Input) {
  check(actor, 'connection', 'create', { workspaceId: input.workspaceId })
  const place = await placeOf(deps, actor, input)
  checkConnection(actor, 'create', place)
  requireParts(input)

  const id = newId()
  const { provider, baseUrl } = input
  const secrets: ConnectionSecrets = {
    apiKey: input.apiKey === null ? null : new Secret(input.apiKey),
    headers: Object.fromEntries(Object.entries(input.headers).map(([name, value]) => [name, new Secret(value)])),
  }
  const models = await probe(deps, { connectionId: id, provider, baseUrl, allowsPrivateAddress: false, ...secrets })

  const { sealedKey, sealedHeaders } = sealSecrets(deps.vault, { id, workspaceId: place.workspace_id, baseUrl }, secrets)
  const { row, announce } = await deps.db.transaction().execute(async (tx) => {
    if (input.isDefault) await store.clearDefault(tx, { ...place, provider })
    await store.insertConnection(tx, {
      ...place,
      id,
      provider,
      name: input.name ?? providerNames[provider],
      base_url: baseUrl,
      sealed_key: sealedKey,
      key_last4: last4(input.apiKey),
      sealed_headers: sealedHeaders,
      header_names: Object.keys(input.headers),
      is_default: input.isDefault,
      status: 'ready',
    })
    await saveListedModels(tx, { id, workspaceId: place.workspace_id, provider, baseUrl }, models)
    return { row: await store.getCounted(tx, id), announce: await tellConcerned(deps, tx, place) }
  })
  announce()
  deps.onConnectionsChanged()
  return presentConnection(row)
}

async function placeOf(
  deps: ConnectionsDeps,
  actor: Actor,
  { ownership, workspaceId }: Input,
): Promise<{ owner_id: string | null; workspace_id: string }> {
  if (ownership === 'own') return { owner_id: actor.principalId, workspace_id: await store.personalWorkspaceOf(deps.db, actor.principalId) }
  return { owner_id: null, workspace_id: ownership === 'house' ? systemWorkspaceId : workspaceId }
}

/** What a provider cannot do without. Ollama and other endpoints may be open to whoever reaches them. */
function requireParts({ provider, apiKey, baseUrl }: Input): void {
  const issues = []
  const isOpen = provider === 'openai-compatible' || provider === 'ollama'
  if (!isOpen && apiKey === null) issues.push({ path: ['apiKey'], message: 'is needed for this provider' })
  if (isOpen && baseUrl === null) issues.push({ path: ['baseUrl'], message: 'is needed for this provider' })
  if (issues.length) throw new AppError('request.invalid', { issues })
}

/** Nothing of a key that is so short that four characters would be much of it. */
export function last4(apiKey: string | null): string | null {
  return apiKey !== null && apiKey.length >= 12 ? apiKey.slice(-4) : null
}
