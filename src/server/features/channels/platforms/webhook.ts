import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import { findEgressFailure } from '../../../platform/egress/index.ts'
import { AppError } from '../../../platform/errors/index.ts'
import { languageTag } from '../../../platform/language/detect-language.ts'
import { displayName } from './display-name.ts'
import { type EventHeaders, type PlatformAdapter, SendFailure } from './platform.ts'
import { storable } from './storable.ts'
import { retryAfterSeconds } from './retry-after.ts'
import { validSecrets } from './webhook-secrets.ts'

const short = storable.pipe(z.string().trim().min(1).max(200))

/** What a sender posts. Whatever it says of the sender proves nothing. */
const Event = z.object({
  session: short,
  sender: z.object({
    id: short,
    name: storable.pipe(z.string().trim().max(200)).optional(),
    language: short.optional(),
    /** Believed where whoever runs the workspace has declared that the sender verifies its users. */
    verifiedEmail: storable.pipe(z.email().max(254)).optional(),
  }),
  message: z.object({ id: short, text: storable.pipe(z.string().trim().min(1).max(100_000)), replyTo: short.optional() }),
  entity: z.object({ type: short, id: short }).optional(),
})

const sendTimeoutMs = 15_000
/** As the library has it, which looks at it again and to the second. */
const toleranceSeconds = 300

/** Any program, by signed webhooks both ways (Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`; five minutes of tolerance). */
export const webhook: PlatformAdapter = {
  admit(event) {
    const headers = headersOf(event)
    const ageSeconds = Date.now() / 1000 - Number(headers['webhook-timestamp'] || Number.NaN)
    if (!headers['webhook-id'] || !headers['webhook-signature'] || !(Math.abs(ageSeconds) <= toleranceSeconds + 1))
      throw new AppError('hook.signature_invalid')
  },

  async accept({ body, header }, settings) {
    const headers = headersOf({ header })
    if (!validSecrets(settings).some((secret) => isSigned(secret, body, headers))) throw new AppError('hook.signature_invalid')
    const id = short.safeParse(headers['webhook-id'])
    if (!id.success) throw new AppError('hook.malformed')
    return { externalId: id.data, sessionId: parse(body).session }
  },

  async read(body) {
    const { sender, message, entity } = parse(body)
    return {
      externalId: message.id,
      sender: {
        externalId: sender.id,
        name: displayName(sender.name ?? '') || displayName(sender.id) || '?',
        language: languageTag(sender.language),
        verifiedEmail: sender.verifiedEmail?.toLowerCase() ?? null,
      },
      text: message.text,
      structuredPrompt: null,
      replyTo: message.replyTo ?? null,
      entity: entity ?? null,
    }
  },

  async send(egress, settings, { id, sessionId, markdown }) {
    const body = JSON.stringify({ type: 'message', session: sessionId, message: { id, text: markdown } })
    const at = new Date()
    let response: Response
    try {
      response = await egress.fetch(
        settings['replyUrl']!.reveal(),
        {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'webhook-id': id,
            'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
            // By an old secret too, while the other side may know no other.
            'webhook-signature': validSecrets(settings)
              .map((secret) => new Webhook(secret).sign(id, at, body))
              .join(' '),
          },
          body,
        },
        { totalTimeoutMs: sendTimeoutMs, maxRedirects: 0, maxBytes: 64 * 1024 },
      )
    } catch (error) {
      if (error instanceof AppError) throw new SendFailure(error.detail ?? error.message, { cause: error })
      // Sent again with the same id, by which the other side knows it.
      const isUncertain = findEgressFailure(error) !== 'unreachable'
      throw new SendFailure('The address did not answer.', { isTemporary: true, isUncertain, cause: error })
    }
    await response.body?.cancel()
    if (response.ok) return null
    if (response.status === 410) throw new SendFailure('The address says that it is gone (410).')
    throw new SendFailure(`The address answered ${response.status}.`, {
      isTemporary: response.status === 408 || response.status === 429 || response.status >= 500,
      retryAfterSeconds: retryAfterSeconds(response.headers.get('retry-after')),
    })
  },
}

function headersOf({ header }: EventHeaders) {
  const read = (name: string) => header(name) ?? ''
  return {
    'webhook-id': read('webhook-id'),
    'webhook-timestamp': read('webhook-timestamp'),
    'webhook-signature': read('webhook-signature'),
  }
}

function isSigned(secret: string, body: Buffer, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false })
    return true
  } catch {
    return false
  }
}

function parse(body: Buffer): z.infer<typeof Event> {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    throw new AppError('hook.malformed')
  }
  const parsed = Event.safeParse(value)
  if (!parsed.success) throw new AppError('hook.malformed', { detail: z.prettifyError(parsed.error) })
  return parsed.data
}
