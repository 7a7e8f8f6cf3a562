import type { Tx } from '../../platform/db/index.ts'
import { createForeignDbs } from '../../platform/foreign-db/index.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { createTokens } from './oauth-tokens.ts'
import { listSlugs } from './store.ts'
import { type CustomToolSource, openToolSource } from './tool-source.ts'

export interface CustomTools {
  deps: CustomToolsDeps
  source: CustomToolSource
  listSlugs(tx: Tx, workspaceId: string): Promise<string[]>
  close(): Promise<void>
}

export async function createCustomTools(given: Omit<CustomToolsDeps, 'tokens' | 'foreignDbs' | 'onToolsChanged'>): Promise<CustomTools> {
  const deps: CustomToolsDeps = {
    ...given,
    tokens: createTokens(given.egress),
    foreignDbs: createForeignDbs({ egress: given.egress, sqliteDir: given.config.sqliteDir }),
    onToolsChanged: (workspaceId) => source.forget(workspaceId),
  }
  const source = await openToolSource(given.database, () => deps)
  return { deps, source, listSlugs, close: () => source.close() }
}
