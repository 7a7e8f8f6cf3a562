import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../platform/errors/index.ts'
import { openConnection } from '../models/index.ts'
import type { ConnectionsDeps } from './connections-deps.ts'
import { insert, ollamaSearch } from './house-connections.ts'
import { toSealed } from './present.ts'
import { probe } from './probe.ts'
import { providerNames } from './provider-names.ts'
import { saveFailure, saveListing } from './save-listing.ts'
import * as store from './store.ts'

const retryMs = [1000, 5000, 30_000, 300_000]
const refreshMs = 6 * 3_600_000
const searchMs = 60_000

export interface HouseListing {
  /** Resolves when every connection of the house was asked once. */
  firstRound: Promise<void>
  close(): Promise<void>
}

/** Keeps the models of the house's connections current, in the background: retried with growing pauses, refreshed after hours. */
export async function startHouseListing(deps: ConnectionsDeps): Promise<HouseListing> {
  const stop = new AbortController()
  const rows = (await store.listManaged(deps.db)).filter(
    ({ provider, managed_by }) => provider !== 'built-in' && managed_by !== ollamaSearch,
  )
  const first: Promise<void>[] = []
  const loops = rows.map((row) => {
    const once = Promise.withResolvers<void>()
    first.push(once.promise)
    return keepListed(deps, row.id, stop.signal, once.resolve).finally(once.resolve)
  })
  const { ollama } = deps.config.providers
  if (ollama.kind === 'search') {
    const once = Promise.withResolvers<void>()
    first.push(once.promise)
    loops.push(searchOllama(deps, ollama.baseUrl, stop.signal, once.resolve).finally(once.resolve))
  }
  return {
    firstRound: Promise.all(first).then(() => {}),
    async close() {
      stop.abort()
      await Promise.all(loops)
    },
  }
}

async function keepListed(deps: ConnectionsDeps, id: string, signal: AbortSignal, onFirst: () => void): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    const isListed = await list(deps, id, signal)
    onFirst()
    failures = isListed ? 0 : failures + 1
    await pause(isListed ? refreshMs : retryMs[Math.min(failures - 1, retryMs.length - 1)]!, signal)
  }
}

/** The built-in connection's models, before anybody is served. */
export async function listBuiltIn(deps: ConnectionsDeps): Promise<void> {
  const row = (await store.listManaged(deps.db)).find(({ provider }) => provider === 'built-in')
  if (row) await saveListing(deps, row, await probe(deps, openConnection(deps.vault, toSealed(row))))
}

async function list(deps: ConnectionsDeps, id: string, signal: AbortSignal): Promise<boolean> {
  try {
    const row = (await store.listManaged(deps.db)).find((managed) => managed.id === id)
    if (!row) return true // another process runs with another environment and took it away
    try {
      await saveListing(deps, row, await probe(deps, openConnection(deps.vault, toSealed(row)), signal))
      return true
    } catch (error) {
      if (signal.aborted) return false
      if (!(error instanceof AppError && error.code.startsWith('connection.'))) throw error
      if (row.status !== 'error')
        deps.log.warn({ connection: row.name, code: error.code }, 'a provider set up by the environment does not list its models')
      await saveFailure(deps, row, error)
      return false
    }
  } catch (error) {
    if (!signal.aborted) deps.log.error({ err: error }, 'the models of a connection could not be updated')
    return false
  }
}

/** Somebody may start Ollama after Parley. What was found stays when it is stopped, with the reason. */
async function searchOllama(deps: ConnectionsDeps, baseUrl: string, signal: AbortSignal, onFirst: () => void): Promise<void> {
  while (!signal.aborted) {
    const row = await findOllama(deps)
    if (row) await list(deps, row.id, signal)
    else if (await deps.llm.findOllama(baseUrl)) {
      await deps.db
        .transaction()
        .execute((tx) =>
          insert(tx, deps.vault, ollamaSearch, { provider: 'ollama', name: providerNames.ollama, baseUrl, apiKey: null }, true),
        )
      deps.log.info({ baseUrl }, 'found Ollama on this machine')
      continue
    }
    onFirst()
    await pause(searchMs, signal)
  }
}

async function findOllama(deps: ConnectionsDeps) {
  return (await store.listManaged(deps.db)).find(({ managed_by }) => managed_by === ollamaSearch)
}

/** Ends early, without an error, when the server stops; keeps no process alive. */
async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await sleep(durationMs, undefined, { signal, ref: false }).catch(() => {})
}
