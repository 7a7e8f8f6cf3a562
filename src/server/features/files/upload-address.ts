import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../platform/errors/index.ts'
import type { Secret } from '../../platform/vault/index.ts'

const validMs = 15 * 60_000

export interface UploadAddress {
  path: string
  expiresAt: Date
}

/** Where the bytes of one attachment go, for a while: as object storage gives such addresses out. It replaces no sign-in. */
export function makeUploadAddress(secret: Secret, id: string, now = Date.now()): UploadAddress {
  const expires = now + validMs
  return { path: `/api/attachments/${id}/bytes?expires=${expires}&signature=${sign(secret, id, expires)}`, expiresAt: new Date(expires) }
}

/** Error: `attachment.upload_invalid`. */
export function requireValidAddress(secret: Secret, { id, expires, signature }: { id: string; expires: number; signature: string }): void {
  const expected = Buffer.from(sign(secret, id, expires))
  const given = Buffer.from(signature)
  const isOurs = given.length === expected.length && timingSafeEqual(given, expected)
  if (!isOurs || expires < Date.now()) throw new AppError('attachment.upload_invalid')
}

function sign(secret: Secret, id: string, expires: number): string {
  return createHmac('sha256', secret.reveal()).update(`upload ${id} ${expires}`).digest('base64url')
}
