import type { Actor } from '../../platform/auth/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { ConnectionTarget, ModelTarget } from '../../platform/llm/index.ts'
import type { Vault } from '../../platform/vault/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { openConnection } from './connection-secrets.ts'
import { nameModels, type NamedModels } from './named-models.ts'
import { findSealedConnection, listUsableNames } from './store.ts'
import { resolveInDatabase, type ModelRequest, type ModelResolution } from './resolve-model.ts'

export interface ModelResolver {
  /**
   * Cached for some seconds; asks on a connection of its own, so it must not be awaited inside a transaction.
   * Errors: `model.not_found`, `model.no_key`, `connection.not_found`.
   */
  resolve(actor: Actor, request: ModelRequest): Promise<ModelResolution>
  /** The models that the person may use there, by the names that programs use. Cached in the same way. */
  listNamed(actor: Actor, workspaceId: string): Promise<NamedModels>
  /** What a call of the model needs; unsealed keys are held for seconds. Errors: `connection.not_found`, `VaultError`. */
  openTarget(connectionId: string, internalName: string): Promise<ModelTarget>
  /** Connections, models, prices or defaults changed: forgets everything here and, by notification, in every process. */
  invalidate(): void
  close(): Promise<void>
}

const channel = 'models-changed'
const maxEntries = 5000

export async function openModelResolver(database: Database, vault: Vault, maxAgeMs = 5000): Promise<ModelResolver> {
  const entries = new Map<string, { resolution: Promise<ModelResolution>; expiresAt: number }>()
  const connections = new Map<string, { opened: Promise<ConnectionTarget | undefined>; expiresAt: number }>()
  const named = new Map<string, { models: Promise<NamedModels>; expiresAt: number }>()
  const forget = () => {
    entries.clear()
    connections.clear()
    named.clear()
  }
  const unlisten = await database.notifier.listen(channel, forget, forget)

  return {
    resolve(actor, request) {
      const { workspaceId, conversation, requestedModelId, requestedConnectionId, kind } = request
      const key = [
        actor.principalId,
        workspaceId,
        conversation?.modelId,
        conversation?.connectionId,
        requestedModelId,
        requestedConnectionId,
        kind,
      ].join()
      const now = performance.now()
      const known = entries.get(key)
      if (known && known.expiresAt > now) return known.resolution
      if (entries.size >= maxEntries) entries.clear()
      const resolution = resolveInDatabase(database, actor, request)
      entries.set(key, { resolution, expiresAt: now + maxAgeMs })
      // A refusal is not kept: the person is about to add the key that is missing.
      resolution.catch(() => {
        if (entries.get(key)?.resolution === resolution) entries.delete(key)
      })
      return resolution
    },
    listNamed(actor, workspaceId) {
      const key = `${actor.principalId},${workspaceId}`
      const now = performance.now()
      const known = named.get(key)
      if (known && known.expiresAt > now) return known.models
      if (named.size >= maxEntries) named.clear()
      const models = listUsableNames(database.db, actor.principalId, workspaceId).then(nameModels)
      named.set(key, { models, expiresAt: now + maxAgeMs })
      models.catch(() => {
        if (named.get(key)?.models === models) named.delete(key)
      })
      return models
    },
    async openTarget(connectionId, internalName) {
      const now = performance.now()
      let known = connections.get(connectionId)
      if (!known || known.expiresAt <= now) {
        if (connections.size >= maxEntries) connections.clear()
        const opened = findSealedConnection(database.db, connectionId).then((connection) => connection && openConnection(vault, connection))
        known = { opened, expiresAt: now + maxAgeMs }
        connections.set(connectionId, known)
        opened.catch(() => connections.delete(connectionId))
      }
      const opened = await known.opened
      if (!opened) throw new AppError('connection.not_found')
      return { ...opened, internalName }
    },
    invalidate() {
      forget()
      database.notifier.notify(channel, '')
    },
    close: unlisten,
  }
}
