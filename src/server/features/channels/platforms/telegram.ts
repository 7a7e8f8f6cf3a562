import { timingSafeEqual } from 'node:crypto'
import type { TelegramMessage } from '@chat-adapter/telegram'
import { z } from 'zod'
import type { Egress } from '../../../platform/egress/index.ts'
import { AppError } from '../../../platform/errors/index.ts'
import { type PlatformAdapter, SendFailure, type Settings } from './platform.ts'
import { splitMarkdown } from './split-markdown.ts'

/** Of an update, as much as is needed before it is stored (Bot API, "Update"). */
const Update = z.object({
  update_id: z.number().int(),
  message: z
    .looseObject({
      message_id: z.number().int(),
      message_thread_id: z.number().int().optional(),
      chat: z.looseObject({ id: z.number().int(), type: z.enum(['private', 'group', 'supergroup', 'channel']) }),
      from: z.looseObject({ id: z.number().int(), is_bot: z.boolean(), first_name: z.string(), language_code: z.string().optional() }).optional(),
      text: z.string().optional(),
    })
    .optional(),
})

/** Telegram cuts at 4,096 characters after its own escaping, which can double some of them. */
const maxMarkdownLength = 2000
const callTimeoutMs = 15_000
export const telegramApi = 'https://api.telegram.org'

/** Bots on Telegram. Updates carry no signature of their body, so the secret token is required. */
export const telegram: PlatformAdapter = {
  async accept({ body, header }, settings) {
    const given = Buffer.from(header('x-telegram-bot-api-secret-token') ?? '')
    const wanted = Buffer.from(settings['secretToken']!.reveal())
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new AppError('hook.signature_invalid')
    const { update_id: updateId, message } = parse(body)
    if (!message) return null
    return { externalId: String(updateId), sessionId: sessionOf(message) }
  },

  async read(body, settings) {
    const { message } = parse(body)
    if (!message?.from || message.from.is_bot) return null
    const { Reader } = await import('./telegram-adapter.ts')
    const parsed = new Reader().parseMessage(message as unknown as TelegramMessage)
    const text = parsed.text.trim()
    if (!text) return null
    const botName = settings['userName']?.reveal()
    const cleaned = botName ? text.replaceAll(new RegExp(`@${botName}\\b[,:]?\\s*`, 'giu'), '').trim() : text
    return {
      externalId: String(message.message_id),
      sender: { externalId: String(message.from.id), name: parsed.author.fullName, language: message.from.language_code ?? null },
      text,
      structuredPrompt: cleaned && cleaned !== text ? cleaned : null,
      entity: null,
    }
  },

  async send(egress, settings, { sessionId, markdown }) {
    const { Sender } = await import('./telegram-adapter.ts')
    const sender = new Sender((method, payload) => callTelegram(egress, settings, method, payload))
    let last: string | null = null
    for (const piece of splitMarkdown(markdown, maxMarkdownLength)) {
      const sent = await sender.postMessage(`telegram:${sessionId}`, { markdown: piece })
      last = sent.id
    }
    return last
  },
}

/** Who the bot is; fails where the token is wrong. Error: `SendFailure`. */
export async function getTelegramBot(egress: Egress, settings: Settings): Promise<{ userName: string }> {
  const bot = z.object({ username: z.string() }).safeParse(await callTelegram(egress, settings, 'getMe', {}))
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

const Answer = z.looseObject({
  ok: z.boolean(),
  result: z.unknown().optional(),
  description: z.string().optional(),
  parameters: z.looseObject({ retry_after: z.number().optional() }).optional(),
})

/** One call of the Bot API. Error: `SendFailure`. */
async function callTelegram(egress: Egress, settings: Settings, method: string, payload: object): Promise<unknown> {
  const base = settings['apiUrl']?.reveal() ?? telegramApi
  let response: Response
  try {
    response = await egress.fetch(
      `${base.replace(/\/+$/, '')}/bot${settings['botToken']!.reveal()}/${method}`,
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(payload) },
      { totalTimeoutMs: callTimeoutMs, maxRedirects: 0, maxBytes: 1024 * 1024 },
    )
  } catch (error) {
    if (error instanceof AppError) throw new SendFailure(error.detail ?? error.message, { cause: error })
    // The address holds the token: its error is not for a log.
    throw new SendFailure('Telegram did not answer.', { isTemporary: true, isUncertain: true })
  }
  const answer = Answer.safeParse(await response.json().catch(() => undefined))
  if (answer.success && answer.data.ok) return answer.data.result
  throw new SendFailure(answer.success ? (answer.data.description ?? `Telegram answered ${response.status}.`) : `Telegram answered ${response.status}.`, {
    isTemporary: response.status === 429 || response.status >= 500,
    retryAfterSeconds: answer.success ? answer.data.parameters?.retry_after : undefined,
  })
}

function parse(body: Buffer): z.infer<typeof Update> {
  try {
    return Update.parse(JSON.parse(body.toString('utf8')))
  } catch {
    throw new AppError('hook.malformed')
  }
}

/** A chat, or a topic of a group. */
function sessionOf({ chat, message_thread_id: topic }: NonNullable<z.infer<typeof Update>['message']>): string {
  return topic === undefined ? String(chat.id) : `${chat.id}:${topic}`
}
