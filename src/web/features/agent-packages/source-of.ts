import type { PackageSource } from '../../../contract/agent-packages.ts'
import { p } from './strings.ts'

/** Where a package came from, in words. */
export function sourceWords({ kind, fileName, url, revision, subPath }: PackageSource): string {
  if (kind === 'file') return p('source.by.file', { name: fileName ?? '' })
  const folder = subPath ? p('source.folder', { folder: subPath }) : ''
  const where = kind === 'git' ? p('source.by.git', { url: url ?? '', revision: revision ?? p('source.by.default') }) : (url ?? '')
  return where + folder
}
