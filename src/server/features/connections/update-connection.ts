import type { connections } from '../../../contract/models.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { Secret } from '../../platform/vault/index.ts'
import { openSecrets, saveListedModels, sealSecrets, type ConnectionSecrets } from '../models/index.ts'
import { checkConnection } from './access.ts'
import type { ConnectionsDeps } from './connections-deps.ts'
import { last4 } from './create-connection.ts'
import { presentConnection, toSealed } from './present.ts'
import { probe } from './probe.ts'
import * as store from './store.ts'
import { tellConcerned } from './tell-concerned.ts'

type Input = InputOf<(typeof connections)['update']>

/** Anything that changes where or how the provider is called is tested first; nothing of it is saved when the test fails. */
export async function updateConnection(deps: ConnectionsDeps, actor: Actor, input: Input) {
  const row = await store.findVisible(deps.db, actor, input.id)
  if (!row) throw new AppError('connection.not_found')
  checkConnection(actor, 'update', row)
  if (row.managed_by !== null) throw new AppError('connection.managed')

  const changesTarget = input.apiKey !== undefined || input.baseUrl !== undefined || input.headers !== undefined
  const target = changesTarget ? await retarget(deps, row, input) : undefined
  const { changed, announce } = await deps.db.transaction().execute(async (tx) => {
    if (input.isDefault) await store.clearDefault(tx, row)
    await store.updateConnection(tx, row.id, { name: input.name, is_default: input.isDefault, ...target?.changes })
    if (target)
      await saveListedModels(
        tx,
        { id: row.id, workspaceId: row.workspace_id, provider: row.provider, baseUrl: target.baseUrl },
        target.models,
      )
    return { changed: await store.getCounted(tx, row.id), announce: await tellConcerned(deps, tx, row) }
  })
  announce()
  deps.onConnectionsChanged()
  return presentConnection(changed)
}

async function retarget(deps: ConnectionsDeps, row: store.ConnectionRow, input: Input) {
  const baseUrl = input.baseUrl === undefined ? row.base_url : input.baseUrl
  if (baseUrl === null && (row.provider === 'openai-compatible' || row.provider === 'ollama')) {
    throw new AppError('request.invalid', { issues: [{ path: ['baseUrl'], message: 'is needed for this provider' }] })
  }
  const secrets = secretsFor(deps, row, input, originOf(baseUrl) !== originOf(row.base_url))
  const models = await probe(deps, { connectionId: row.id, provider: row.provider, baseUrl, allowsPrivateAddress: false, ...secrets })
  const { sealedKey, sealedHeaders } = sealSecrets(deps.vault, { id: row.id, workspaceId: row.workspace_id, baseUrl }, secrets)
  return {
    baseUrl,
    models,
    changes: {
      base_url: baseUrl,
      sealed_key: sealedKey,
      key_last4: input.apiKey === undefined ? row.key_last4 : last4(input.apiKey),
      sealed_headers: sealedHeaders,
      header_names: Object.keys(secrets.headers),
      status: 'ready' as const,
      status_reason: null,
    },
  }
}

/** What was given for one origin is not sent to another: then key and headers are asked for again. */
function secretsFor(deps: ConnectionsDeps, row: store.ConnectionRow, input: Input, changesOrigin: boolean): ConnectionSecrets {
  const issues = []
  if (changesOrigin && row.sealed_key !== null && input.apiKey === undefined)
    issues.push({ path: ['apiKey'], message: 'is needed again, since the address changes' })
  if (changesOrigin && row.sealed_headers !== null && input.headers === undefined)
    issues.push({ path: ['headers'], message: 'are needed again, since the address changes' })
  if (issues.length) throw new AppError('request.invalid', { issues })

  const known: ConnectionSecrets = changesOrigin ? { apiKey: null, headers: {} } : openSecrets(deps.vault, toSealed(row))
  return {
    apiKey: input.apiKey === undefined ? known.apiKey : input.apiKey === null ? null : new Secret(input.apiKey),
    headers:
      input.headers === undefined
        ? known.headers
        : Object.fromEntries(Object.entries(input.headers).map(([name, value]) => [name, new Secret(value)])),
  }
}

function originOf(baseUrl: string | null): string | null {
  return baseUrl === null ? null : new URL(baseUrl).origin
}
