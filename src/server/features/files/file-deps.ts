import type { Deps } from '../../deps.ts'
import type { Inspector } from '../../platform/documents/index.ts'
import type { Secret } from '../../platform/vault/index.ts'

export interface FileDeps extends Pick<Deps, 'db' | 'log' | 'config' | 'llm' | 'files'> {
  inspector: Inspector
  /** Signs the addresses of uploads; the same in all processes. */
  uploadSecret: Secret
}
