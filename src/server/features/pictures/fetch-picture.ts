import { imageSize } from 'image-size'
import type { pictures as contract } from '../../../contract/pictures.ts'
import { safeUrl } from '../../../markdown/index.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { type Egress, EgressError } from '../../platform/egress/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import { findParts, requireConversation } from '../conversations/index.ts'
import { picturesOf } from './pictures-of.ts'

export type PictureDeps = Pick<Deps, 'db' | 'egress'>

const maxBytes = 8 * 1024 * 1024
/** Unpacked it would take four bytes for each: what a browser shows without falling over. */
const maxPixels = 50_000_000
const limits = { maxBytes, firstByteTimeoutMs: 10_000, idleTimeoutMs: 5_000, totalTimeoutMs: 20_000, maxRedirects: 3 }

/** By what is in the file, whatever its name and its host say. No SVG: it is a document. */
const types: Record<string, OutputOf<typeof contract.fetch>['type']> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
}

/** Fetches what a message of the actor's own names, and nothing else: this is no proxy. */
export async function fetchPicture(
  deps: PictureDeps,
  actor: Actor,
  { id, messageId, url }: InputOf<typeof contract.fetch>,
): Promise<OutputOf<typeof contract.fetch>> {
  check(actor, 'message', 'read', 'own')
  await requireConversation(deps.db, actor, id)
  const parts = await findParts(deps.db, { ownerId: actor.principalId, conversationId: id, messageId })
  if (!parts) throw new AppError('message.not_found')
  const address = safeUrl(url)
  const isNamed = parts.some((part) => part.type === 'text' && picturesOf(part.text).has(url))
  if (!isNamed || address === undefined || !/^https?:/.test(address)) throw new AppError('picture.not_found')

  const bytes = await read(deps.egress, address)
  const { type, width, height } = sizeOf(bytes)
  return { type, width, height, base64: Buffer.from(bytes).toString('base64') }
}

async function read(egress: Egress, address: string): Promise<Uint8Array> {
  try {
    const response = await egress.fetch(
      address,
      { headers: { accept: 'image/avif, image/webp, image/png, image/jpeg, image/gif' } },
      limits,
    )
    if (response.ok) return new Uint8Array(await response.arrayBuffer())
    await response.body?.cancel()
    throw new AppError('picture.unreachable')
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    throw new AppError(error.failure === 'too-large' ? 'picture.unsupported' : 'picture.unreachable', { cause: error })
  }
}

function sizeOf(bytes: Uint8Array): { type: OutputOf<typeof contract.fetch>['type']; width: number; height: number } {
  let found: { type?: string | undefined; width: number; height: number } | undefined
  try {
    found = imageSize(bytes)
  } catch {
    // Not a picture, or a broken one.
  }
  const type = types[found?.type ?? '']
  if (!found || !type || !(found.width > 0 && found.height > 0 && found.width * found.height <= maxPixels))
    throw new AppError('picture.unsupported')
  return { type, width: found.width, height: found.height }
}
