import { randomBytes } from 'node:crypto'
import { Secret } from '../../../platform/vault/index.ts'
import type { Settings } from './platform.ts'

/** In which a sender is told its new secret. */
const overlapMs = 24 * 3_600_000

export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

export function withNewSecret(settings: Settings): { changed: Settings; secret: string } {
  const secret = newWebhookSecret()
  const until = new Date(Date.now() + overlapMs).toISOString()
  return {
    changed: { ...settings, secret: new Secret(secret), previousSecret: settings['secret']!, previousSecretUntil: new Secret(until) },
    secret,
  }
}

/** Until when the secret before the present one is valid; undefined where it is not. */
export function previousSecretUntil(settings: Settings): Date | undefined {
  const until = settings['previousSecretUntil'] && new Date(settings['previousSecretUntil'].reveal())
  return until && until.getTime() > Date.now() ? until : undefined
}

/** Those that are valid now, the newest first. */
export function validSecrets(settings: Settings): string[] {
  const secrets = [settings['secret']!]
  if (previousSecretUntil(settings)) secrets.push(settings['previousSecret']!)
  return secrets.map((secret) => secret.reveal())
}
