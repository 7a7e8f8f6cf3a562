import type { StoredPart } from '../conversations/index.ts'
import type { ChannelDeps } from './channel-deps.ts'
import * as store from './delivery-store.ts'
import * as installations from './installation-store.ts'
import { platforms } from './platforms/index.ts'
import { SendFailure } from './platforms/platform.ts'
import { openSettings } from './settings.ts'

const maxClaimed = 16
/** Longer than any call of a platform takes. */
const claimSeconds = 60
const maxAttempts = 8
const pausesSeconds = [2, 5, 15, 60, 300, 900, 3600]

/** Sends some of what is due. Answers whether there may be more. */
export async function sendDeliveries(deps: ChannelDeps): Promise<boolean> {
  const claimed = await store.claimDeliveries(deps.db, maxClaimed, claimSeconds)
  await Promise.all(claimed.map((delivery) => send(deps, delivery)))
  return claimed.length > 0
}

async function send(deps: ChannelDeps, delivery: store.DeliveryRow): Promise<void> {
  try {
    const installation = await installations.find(deps.db, delivery.installation_id)
    if (!installation?.is_enabled) throw new SendFailure('The installation is switched off.')
    const message = { id: delivery.id, sessionId: delivery.session_id, markdown: markdownOf(delivery.parts) }
    const externalId = await platforms[installation.platform].send(deps.egress, openSettings(deps.vault, installation), message)
    await store.markSent(deps.db, delivery.id, externalId)
  } catch (error) {
    const failure = error instanceof SendFailure ? error : new SendFailure('It could not be sent.', { isTemporary: true, isUncertain: true, cause: error })
    if (!(error instanceof SendFailure)) deps.log.error({ err: error, deliveryId: delivery.id }, 'an answer could not be sent')
    const { message, isUncertain } = failure
    if (!failure.isTemporary || delivery.attempts >= maxAttempts) return store.giveUp(deps.db, delivery.id, { error: message, isUncertain })
    const pause = pausesSeconds[Math.min(delivery.attempts, pausesSeconds.length) - 1]!
    await store.postpone(deps.db, delivery.id, { error: message, isUncertain, seconds: Math.max(pause, failure.retryAfterSeconds ?? 0) })
  }
}

function markdownOf(parts: readonly StoredPart[]): string {
  return parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n\n')
    .trim()
}
