import type { AttachmentId } from '../../../contract/ids.ts'

export const contentAddress = (id: AttachmentId, isDownload = false): string =>
  `/api/attachments/${id}/content${isDownload ? '?download=1' : ''}`
