import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../platform/vault/index.ts'

/** `<visitor>.<HMAC-SHA256 in base64url>`: says that this server issued the id, for this page and no other. */
export function signVisitor(secret: Secret, visitorId: string, pageId: string): string {
  return `${visitorId}.${hmac(secret, visitorId, pageId).toString('base64url')}`
}

/** The id in a token of this server for this page. */
export function readVisitor(secret: Secret, token: string, pageId: string): string | undefined {
  const [visitorId, signature, ...rest] = token.split('.')
  if (!visitorId || !signature || rest.length > 0) return undefined
  const given = Buffer.from(signature, 'base64url')
  const expected = hmac(secret, visitorId, pageId)
  return given.length === expected.length && timingSafeEqual(given, expected) ? visitorId : undefined
}

function hmac(secret: Secret, visitorId: string, pageId: string): Buffer {
  return createHmac('sha256', secret.reveal()).update(`visitor\n${visitorId}\n${pageId}`).digest()
}
