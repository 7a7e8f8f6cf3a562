import { z } from 'zod'
import { type Egress, findEgressFailure } from '../../../platform/egress/index.ts'
import { AppError } from '../../../platform/errors/index.ts'
import { SendFailure, type Settings } from './platform.ts'

const callTimeoutMs = 15_000
const telegramApi = 'https://api.telegram.org'

/** Who the bot is; fails where the token is wrong. Error: `SendFailure`. */
export async function getTelegramBot(egress: Egress, settings: Settings): Promise<{ userName: string }> {
  const bot = z.object({ username: z.string().regex(/^\w+$/) }).safeParse(await callTelegram(egress, settings, 'getMe', {}))
  if (!bot.success) throw new SendFailure('The answer is not that of a Bot API server.')
  return { userName: bot.data.username }
}

/** Has Telegram send the bot's updates to an address. */
export async function setTelegramWebhook(egress: Egress, settings: Settings, url: string): Promise<void> {
  await callTelegram(egress, settings, 'setWebhook', {
    url,
    secret_token: settings['secretToken']!.reveal(),
    allowed_updates: ['message'],
  })
}

/** Telegram need not call in vain. That it was told is not sure: a bot may be gone by then. */
export async function removeTelegramWebhook(egress: Egress, settings: Settings): Promise<void> {
  await callTelegram(egress, settings, 'deleteWebhook', {}).catch((error: unknown) => {
    if (!(error instanceof SendFailure)) throw error
  })
}

const Answer = z.looseObject({
  ok: z.boolean(),
  result: z.unknown().optional(),
  description: z.string().optional(),
  parameters: z.looseObject({ retry_after: z.number().optional() }).optional(),
})

/** One call of the Bot API. Error: `SendFailure`. */
export async function callTelegram(egress: Egress, settings: Settings, method: string, payload: object): Promise<unknown> {
  const base = settings['apiUrl']?.reveal() ?? telegramApi
  let response: Response
  try {
    response = await egress.fetch(
      `${base.replace(/\/+$/, '')}/bot${settings['botToken']!.reveal()}/${method}`,
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(payload) },
      { totalTimeoutMs: callTimeoutMs, maxRedirects: 0, maxBytes: 1024 * 1024, isOnce: true },
    )
  } catch (error) {
    if (error instanceof AppError) throw new SendFailure(error.detail ?? error.message, { cause: error })
    // The address holds the token: its error is not for a log. Telegram has no key by which it would know a message again, so nothing is sent twice.
    const isUnreached = findEgressFailure(error) === 'unreachable'
    throw new SendFailure('Telegram did not answer.', { isTemporary: isUnreached, isUncertain: !isUnreached })
  }
  const answer = Answer.safeParse(await response.json().catch(() => undefined))
  if (answer.success && answer.data.ok) return answer.data.result
  throw new SendFailure(
    answer.success ? (answer.data.description ?? `Telegram answered ${response.status}.`) : `Telegram answered ${response.status}.`,
    {
      isTemporary: response.status === 429 || response.status >= 500,
      isUncertain: response.ok,
      retryAfterSeconds: answer.success ? answer.data.parameters?.retry_after : undefined,
    },
  )
}
