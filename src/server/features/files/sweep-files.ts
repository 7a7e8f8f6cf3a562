import type { FileDeps } from './file-deps.ts'
import { checkFile } from './check-file.ts'
import * as store from './sweep-store.ts'

/** On the embedded database everybody waits for one statement: little at a time. */
const atOnce = 50

/**
 * Goes on where a process died and takes away what nobody needs: uploads that never ended, files that were refused or never sent, and bytes that no attachment
 * has any more. Whatever an edit or a fork still shows has one.
 */
export async function sweepFiles(deps: Pick<FileDeps, 'db' | 'files' | 'inspector' | 'llm' | 'log'>, signal: AbortSignal): Promise<void> {
  for (const row of await store.listUnchecked(deps.db, atOnce)) {
    if (signal.aborted) return
    await checkFile(deps, row)
  }
  await store.failInterrupted(deps.db)
  while (!signal.aborted && (await store.removeUnused(deps.db, atOnce)) > 0) continue
  while (!signal.aborted && (await store.dropUnreferenced(deps.db, atOnce)) > 0) continue
  for (const dropped of await store.listDropped(deps.db, deps.files.bucket, 1000)) {
    if (signal.aborted) return
    await removeBytes(deps, dropped)
  }
}

/** Of a file whose row is gone. */
export async function removeBytes(
  { db, files }: Pick<FileDeps, 'db' | 'files'>,
  { id, key, text_key: textKey }: store.DroppedFile,
): Promise<void> {
  // Bytes that were being stored when their row went have no text yet, but may have got one since.
  await files.delete(textKey ?? `${key}.txt`)
  await files.delete(key)
  await store.forgetDropped(db, id)
}
