import type { Deps } from '../../deps.ts'
import type { Tell } from '../events/index.ts'
import type { UploadFiles } from './upload-files.ts'

export interface ImportDeps extends Pick<Deps, 'db' | 'database' | 'log' | 'door'> {
  tell: Tell
  files: UploadFiles
  /** Of an archive. */
  maxBytes: number
  /** So long a claim lasts if its process does not renew it. */
  claimSeconds: number
  wake(): void
}
