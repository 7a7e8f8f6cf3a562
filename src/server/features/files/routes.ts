import { attachments as contract } from '../../../contract/attachments.ts'
import { AppError } from '../../platform/errors/index.ts'
import { type HttpContext, handle, handleRaw, type Routes } from '../../platform/http/index.ts'
import { deleteAttachment } from './delete-attachment.ts'
import type { FileDeps } from './file-deps.ts'
import { planUpload } from './plan-upload.ts'
import { findOpenable, getAttachment, listAttachments, readAttachmentText } from './read-attachments.ts'
import { restoreVersion } from './restore-version.ts'
import { sendContent } from './send-content.ts'
import { uploadFile } from './upload-file.ts'

export const attachmentRoutes = (deps: FileDeps): Routes<typeof contract> => ({
  plan: handle(contract.plan, (actor, input) => planUpload(deps, actor, input)),
  upload: handleRaw(contract.upload, async (c, actor, input) => {
    // Refused before a byte is read, where the client says so.
    if (Number(c.req.header('content-length') ?? 0) > deps.config.files.maxBytes) throw new AppError('attachment.too_large')
    const attachment = await uploadFile(deps, actor, input, bodyOf(c))
    c.header('cache-control', 'no-store')
    return c.json(attachment)
  }),
  get: handle(contract.get, (actor, { id }) => getAttachment(deps, actor, id)),
  list: handle(contract.list, (actor, input) => listAttachments(deps, actor, input)),
  delete: handle(contract.delete, (actor, { id }) => deleteAttachment(deps, actor, id)),
  content: handleRaw(contract.content, async (c, actor, { id, download }) =>
    sendContent(c, deps.files, await findOpenable(deps, actor, id), { isDownload: download === '1', isKept: true }),
  ),
  restore: handle(contract.restore, (actor, { id }) => restoreVersion(deps, actor, id)),
  text: handle(contract.text, (actor, { id }) => readAttachmentText(deps, actor, id)),
})

async function* bodyOf(c: HttpContext): AsyncGenerator<Uint8Array> {
  for await (const chunk of c.req.raw.body ?? []) yield chunk
}
