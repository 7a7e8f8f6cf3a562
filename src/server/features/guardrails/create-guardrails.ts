import { AppError } from '../../platform/errors/index.ts'
import { type GuardrailSource, openGuardrailSource } from './guardrail-source.ts'
import type { GuardrailDeps } from './guardrails-deps.ts'
import { createPassageFinder } from './kinds/passage-finder.ts'
import * as store from './store.ts'

export interface Guardrails {
  deps: GuardrailDeps
  source: GuardrailSource
  /** Error: `guardrail.not_found`, of one that is not of this workspace. */
  requireAll(workspaceId: string, ids: readonly string[]): Promise<void>
  close(): Promise<void>
}

export async function createGuardrails(given: Omit<GuardrailDeps, 'passages' | 'onChanged'>): Promise<Guardrails> {
  const deps: GuardrailDeps = { ...given, passages: createPassageFinder(), onChanged: (workspaceId) => source.forget(workspaceId) }
  const source = await openGuardrailSource(given.database, () => deps)
  return {
    deps,
    source,
    async requireAll(workspaceId, ids) {
      if (ids.length === 0) return
      const known = new Set((await store.list(deps.db, workspaceId)).map(({ id }) => id))
      if (!ids.every((id) => known.has(id))) throw new AppError('guardrail.not_found')
    },
    async close() {
      await source.close()
      await deps.passages.close()
    },
  }
}
