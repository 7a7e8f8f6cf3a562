import type { ErrorNotice } from '../../../contract/errors.ts'
import type { StoredPart } from '../conversations/index.ts'
import type { ChannelDeps } from './channel-deps.ts'
import { isGuardrailBlock } from '../turns/index.ts'
import * as store from './delivery-store.ts'
import { platforms } from './platforms/index.ts'
import { SendFailure } from './platforms/platform.ts'

/** Longer than any call of a platform takes. */
const claimSeconds = 60
const maxAttempts = 8
const pausesSeconds = [2, 5, 15, 60, 300, 900, 3600]

/** What goes out, for a poller. */
export const deliveries = {
  claim: (deps: ChannelDeps, limit: number) => store.claimDeliveries(deps.database.background, limit, claimSeconds),
  work: send,
}

async function send(deps: ChannelDeps, delivery: store.DeliveryRow): Promise<void> {
  const { message_id: id } = delivery
  try {
    await store.markSent(deps.database.background, id, await trySending(deps, delivery))
  } catch (error) {
    const failure =
      error instanceof SendFailure
        ? error
        : new SendFailure('It could not be sent.', { isTemporary: true, isUncertain: true, cause: error })
    if (failure !== error) deps.log.error({ err: error, messageId: id }, 'an answer could not be sent')
    const { message, isUncertain } = failure
    if (!failure.isTemporary || delivery.attempts >= maxAttempts)
      return store.giveUp(deps.database.background, id, { error: message, isUncertain })
    const pause = pausesSeconds[Math.min(delivery.attempts, pausesSeconds.length) - 1]!
    await store.postpone(deps.database.background, id, {
      error: message,
      isUncertain,
      seconds: Math.max(pause, failure.retryAfterSeconds ?? 0),
    })
  }
}

async function trySending(deps: ChannelDeps, delivery: store.DeliveryRow): Promise<string | null> {
  const installation = await deps.installations.find(delivery.installation_id)
  if (!installation?.row.is_enabled) throw new SendFailure('The installation is switched off.')
  const markdown = markdownOf(delivery.parts)
  if (!markdown) throw new SendFailure('The answer has no words.')
  return platforms[installation.row.platform].send(deps.egress, installation.settings, {
    id: delivery.message_id,
    sessionId: delivery.session_id,
    markdown,
    piecesSent: delivery.pieces_sent,
    onPiece: (piecesSent) => store.markPieces(deps.database.background, delivery.message_id, piecesSent, claimSeconds),
  })
}

function markdownOf(parts: readonly StoredPart[]): string {
  return parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : part.type === 'notice' ? wordsForContact(part.notice) : []))
    .join('\n\n')
    .trim()
}

/** A rule that holds is said like an answer, in the words of whoever made it if they gave some. */
function wordsForContact({ code, detail }: ErrorNotice): string[] {
  if (isGuardrailBlock(code)) return [detail ?? 'I cannot help with that here. Is there something else?']
  return code === 'guardrail.warned' && detail ? [detail] : []
}
