import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import type { AttachmentRow } from './store.ts'
import * as store from './version-store.ts'

export type VersionDeps = Pick<Deps, 'db' | 'files' | 'config' | 'llm'>

export interface NewVersion {
  workspaceId: string
  conversationId: string
  userId: string
  messageId: string
  name: string
  content: string
  /** What it was made from. Null: there is no file of this name. */
  before: Pick<AttachmentRow, 'id'> | null
}

/** A conversation is no disk. */
const maxVersions = 500

/**
 * Keeps a text as the newest file of its name. What was there before stays. Undefined: the name has another file by now than `before`.
 * Errors: `attachment.no_space`, `attachment.too_large`.
 */
export async function writeVersion(deps: VersionDeps, version: NewVersion): Promise<AttachmentRow | undefined> {
  const { workspaceId, conversationId, userId, name, content } = version
  const bytes = Buffer.from(content)
  const { maxBytes, perPersonBytes, perWorkspaceBytes } = deps.config.files
  if (bytes.length > maxBytes) throw new AppError('attachment.too_large')
  const fileId = newId()
  const file = {
    id: fileId,
    workspaceId,
    ownerId: userId,
    bucket: deps.files.bucket,
    region: deps.files.region,
    // The last digits are random, so directories fill evenly.
    key: `${fileId.slice(-2)}/${fileId}`,
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest(),
    textTokens: deps.llm.estimateTokens(content),
  }
  // First the row: bytes without one would be found by no sweeper.
  await store.insertFile(deps.db, file)
  await deps.files.put(file.key, Readable.from([bytes]), bytes.length)
  return deps.db.transaction().execute(async (tx) => {
    const { ofPerson, ofWorkspace } = await store.lockUsage(tx, workspaceId, userId)
    if (ofPerson + BigInt(bytes.length) > perPersonBytes || ofWorkspace + BigInt(bytes.length) > perWorkspaceBytes)
      throw new AppError('attachment.no_space')
    const newest = await store.newestOf(tx, conversationId, name)
    if ((newest?.id ?? null) !== (version.before?.id ?? null)) return undefined
    if ((await store.countGenerated(tx, conversationId)) >= maxVersions)
      throw new AppError('attachment.no_space', { detail: `A conversation keeps ${maxVersions} files and versions that models wrote.` })
    return store.attach(tx, { ...version, id: newId(), fileId, replacesId: newest?.id ?? null, version: (newest?.version ?? 0) + 1 })
  })
}
