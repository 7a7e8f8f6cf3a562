import type { Attachment } from '../../../contract/attachments.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import { cleanName } from './clean-name.ts'
import type { FileDeps } from './file-deps.ts'
import { presentAttachment } from './present.ts'
import * as store from './store.ts'
import { makeUploadAddress } from './upload-address.ts'

/** Nobody writes so many messages at once; rows of nothing would be no limit of bytes. */
const maxUnsent = 500

export interface PlannedUpload {
  attachment: Attachment
  upload: { method: 'PUT'; path: string; expiresAt: string }
}

/** Makes a place for a file. What it will take counts from now on, so that many at once cannot pass a limit together. */
export async function planUpload(
  deps: Pick<FileDeps, 'db' | 'config' | 'files' | 'uploadSecret'>,
  actor: Actor,
  input: {
    workspaceId: string
    conversationId?: string | undefined
    name: string
    sizeBytes: number
    mime: string
    sha256?: string | undefined
  },
): Promise<PlannedUpload> {
  const { workspaceId, conversationId, sizeBytes } = input
  check(actor, 'turn', 'create', { workspaceId })
  const { maxBytes, perPersonBytes, perWorkspaceBytes } = deps.config.files
  if (sizeBytes > maxBytes) throw new AppError('attachment.too_large', { detail: `At most ${inMegabytes(maxBytes)} each.` })
  const id = newId()
  const fileId = newId()
  await deps.db.transaction().execute(async (tx) => {
    if (conversationId && !(await store.ownsConversation(tx, actor.principalId, workspaceId, conversationId)))
      throw new AppError('conversation.not_found')
    const { ofPerson, ofWorkspace, unsent } = await store.lockUsage(tx, workspaceId, actor.principalId)
    if (ofPerson + BigInt(sizeBytes) > perPersonBytes)
      throw new AppError('attachment.no_space', { detail: `You may keep ${inMegabytes(perPersonBytes)} here.` })
    if (ofWorkspace + BigInt(sizeBytes) > perWorkspaceBytes) throw new AppError('attachment.no_space', { detail: 'The workspace is full.' })
    if (unsent >= maxUnsent) throw new AppError('attachment.no_space', { detail: 'Too many files wait to be sent.' })
    await store.insertPlanned(tx, {
      id,
      fileId,
      workspaceId,
      userId: actor.principalId,
      conversationId: conversationId ?? null,
      bucket: deps.files.bucket,
      region: deps.files.region,
      // The last digits are random, so directories fill evenly.
      key: `${fileId.slice(-2)}/${fileId}`,
      sizeBytes,
      name: cleanName(input.name),
      claimedMime: input.mime,
      claimedSha256: input.sha256 === undefined ? null : Buffer.from(input.sha256, 'hex'),
    })
  })
  const [row] = await store.listOwn(deps.db, actor.principalId, [id])
  const { path, expiresAt } = makeUploadAddress(deps.uploadSecret, id)
  return { attachment: presentAttachment(row!), upload: { method: 'PUT', path, expiresAt: expiresAt.toISOString() } }
}

const inMegabytes = (bytes: number) => `${Math.floor(bytes / 1024 / 1024)} MB`
