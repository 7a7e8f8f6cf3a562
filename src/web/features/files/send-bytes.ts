import type { Attachment } from '../../../contract/attachments.ts'
import { ApiError, decodeProblem, toApiError } from '../../errors.ts'

/** Uploads with progress, which `fetch` does not tell. Fails with `ApiError`. */
export function sendBytes(path: string, file: Blob, onProgress: (share: number) => void, signal: AbortSignal): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', path)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onload = () => {
      const body = parse(request.responseText)
      if (request.status === 200) resolve(body as Attachment)
      else reject(toApiError(decodeProblem(body) ?? new TypeError('no answer of the server')))
    }
    request.onerror = () => reject(new ApiError('network'))
    request.onabort = () => reject(new ApiError('network'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
