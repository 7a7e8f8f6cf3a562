import type { LanguageModelV4FilePart } from '@ai-sdk/provider'
import { AppError } from '../../platform/errors/index.ts'
import { type Egress, findEgressFailure } from '../../platform/egress/index.ts'
import type { ChatRequest, UserPart } from './chat-request.ts'

type FileOfCaller = Exclude<UserPart, { type: 'text' }>
type Path = (string | number)[]

const maxFileBytes = 20 * 1024 * 1024
const maxFetched = 20
const limits = { maxBytes: maxFileBytes, firstByteTimeoutMs: 10_000, idleTimeoutMs: 10_000, totalTimeoutMs: 30_000, maxRedirects: 3 }
const imageTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/** The images, sounds and documents of a request, as models take them. */
export type Files = ReadonlyMap<FileOfCaller, LanguageModelV4FilePart>

/** Images given by address are fetched here, since not every provider does that by itself; through egress, so that nobody reaches a private network. */
export async function readFiles(egress: Egress, messages: ChatRequest['messages'], signal: AbortSignal): Promise<Files> {
  const files = new Map<FileOfCaller, LanguageModelV4FilePart>()
  const fetches: Promise<void>[] = []
  messages.forEach((message, at) => {
    if (message.role !== 'user' || typeof message.content === 'string') return
    message.content.forEach((part, index) => {
      if (part.type === 'text') return
      const path = ['messages', at, 'content', index, part.type]
      if (part.type === 'input_audio') {
        const { data, format } = part.input_audio
        files.set(part, toFile(format === 'wav' ? 'audio/wav' : 'audio/mpeg', data))
      } else if (part.type === 'file') {
        const { mediaType, data } = readDataUrl(part.file.file_data, [...path, 'file_data'])
        files.set(part, { ...toFile(mediaType, data), ...(part.file.filename && { filename: part.file.filename }) })
      } else if (part.image_url.url.startsWith('data:')) {
        const { mediaType, data } = readDataUrl(part.image_url.url, [...path, 'url'])
        if (!imageTypes.has(mediaType)) throw invalid([...path, 'url'], `holds ${mediaType}, which is no image that models read`)
        files.set(part, toFile(mediaType, data, part.image_url.detail))
      } else {
        if (fetches.length >= maxFetched) throw invalid([...path, 'url'], `is one of more than ${maxFetched} images by address`)
        fetches.push(
          fetchImage(egress, part.image_url.url, [...path, 'url'], signal).then((image) => {
            files.set(part, toFile(image.mediaType, image.data, part.image_url.detail))
          }),
        )
      }
    })
  })
  await Promise.all(fetches)
  return files
}

function toFile(mediaType: string, data: string | Uint8Array, detail?: string): LanguageModelV4FilePart {
  return { type: 'file', mediaType, data: { type: 'data', data }, ...(detail && { providerOptions: { openai: { imageDetail: detail } } }) }
}

/** `data:image/png;base64,…` */
function readDataUrl(url: string, path: Path): { mediaType: string; data: string } {
  const comma = url.indexOf(',')
  const head = /^data:([\w.+-]+\/[\w.+-]+)(?:;[^,]*)?;base64$/i.exec(url.slice(0, Math.max(0, comma)))
  if (!head) throw invalid(path, 'must be a data: URL in base64 or an http address')
  const data = url.slice(comma + 1)
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data) || data === '') throw invalid(path, 'does not hold base64')
  return { mediaType: head[1]!.toLowerCase(), data }
}

async function fetchImage(egress: Egress, url: string, path: Path, signal: AbortSignal): Promise<{ mediaType: string; data: Uint8Array }> {
  try {
    const response = await egress.fetch(url, { headers: { accept: 'image/*' }, signal }, limits)
    if (!response.ok) {
      await response.body?.cancel()
      throw invalid(path, `could not be fetched: its server answered ${response.status}`)
    }
    const data = new Uint8Array(await response.arrayBuffer())
    const mediaType = imageType(data)
    if (!mediaType) throw invalid(path, 'does not lead to a PNG, JPEG, GIF or WebP image')
    return { mediaType, data }
  } catch (error) {
    if (error instanceof AppError && error.code === 'request.invalid') throw error
    const failure = findEgressFailure(error)
    if (failure instanceof AppError) throw invalid(path, 'leads to an address that this server may not call')
    if (failure) throw invalid(path, failure === 'too-large' ? 'is larger than 20 MB' : 'could not be fetched')
    throw error
  }
}

/** By its first bytes: what a server calls it is often wrong, and providers look. */
function imageType(data: Uint8Array): string | undefined {
  const starts = (...bytes: number[]) => bytes.every((byte, index) => data[index] === byte)
  if (starts(0x89, 0x50, 0x4e, 0x47)) return 'image/png'
  if (starts(0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (starts(0x47, 0x49, 0x46, 0x38)) return 'image/gif'
  if (starts(0x52, 0x49, 0x46, 0x46) && [0x57, 0x45, 0x42, 0x50].every((byte, index) => data[index + 8] === byte)) return 'image/webp'
  return undefined
}

function invalid(path: Path, message: string): AppError {
  return new AppError('request.invalid', { issues: [{ path, message }] })
}
