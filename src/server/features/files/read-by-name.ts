import type { Deps } from '../../deps.ts'
import { AppError } from '../../platform/errors/index.ts'
import * as store from './store.ts'

const maxTogetherBytes = 20 * 1024 * 1024

/**
 * Files of a conversation by the names that its messages show, the newest of each name; for whoever has established that the conversation may be read.
 * Errors: `attachment.not_found`, `attachment.too_large`.
 */
export async function readFilesByName(
  deps: Pick<Deps, 'db' | 'files'>,
  conversationId: string,
  names: readonly string[],
): Promise<{ name: string; bytes: Buffer }[]> {
  const rows = await store.listByName(deps.db, conversationId, names)
  const found = [...new Set(names)].map((name) => {
    const row = rows.find((one) => one.name === name)
    if (!row) throw new AppError('attachment.not_found', { detail: `No file of this conversation is named ${JSON.stringify(name)}.` })
    return row
  })
  if (found.reduce((sum, { size }) => sum + size, 0n) > BigInt(maxTogetherBytes)) throw new AppError('attachment.too_large')
  return Promise.all(
    found.map(async ({ name, key }) => {
      const bytes = await deps.files.read(key)
      if (!bytes) throw new AppError('attachment.not_found')
      return { name, bytes }
    }),
  )
}
