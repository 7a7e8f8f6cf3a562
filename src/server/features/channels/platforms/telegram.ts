import { timingSafeEqual } from 'node:crypto'
import type { TelegramMessage } from '@chat-adapter/telegram'
import { z } from 'zod'
import { AppError } from '../../../platform/errors/index.ts'
import { languageTag } from '../../../platform/language/detect-language.ts'
import { displayName } from './display-name.ts'
import { type PlatformAdapter, SendFailure } from './platform.ts'
import { splitMarkdown } from './split-markdown.ts'
import { storable } from './storable.ts'
import { callTelegram } from './telegram-api.ts'

/** Of an update, as much as is needed before it is stored (Bot API, "Update"). */
const Update = z.object({
  update_id: z.number().int(),
  message: z
    .looseObject({
      message_id: z.number().int(),
      message_thread_id: z.number().int().optional(),
      date: z.number().int(),
      chat: z.looseObject({ id: z.number().int(), type: z.enum(['private', 'group', 'supergroup', 'channel']) }),
      from: z
        .looseObject({
          id: z.number().int(),
          is_bot: z.boolean(),
          first_name: storable,
          language_code: storable.pipe(z.string().max(35)).optional(),
        })
        .optional(),
      text: storable.optional(),
      caption: storable.optional(),
      reply_to_message: z.looseObject({ message_id: z.number().int() }).optional(),
    })
    .optional(),
})
type Message = NonNullable<z.infer<typeof Update>['message']>

/** Of a text message, after Telegram's own escaping (Bot API, "sendMessage"). */
const maxTextLength = 4096
/** What an escaped piece of markdown seldom outgrows; one that does is cut again. */
const pieceLength = 3500
/** What cannot be read yet: the words say that it was there. */
const media = ['photo', 'voice', 'audio', 'video', 'video_note', 'document'] as const

/** Bots on Telegram. Updates carry no signature of their body, so the secret token is required. */
export const telegram: PlatformAdapter = {
  admit({ header }, settings) {
    const given = Buffer.from(header('x-telegram-bot-api-secret-token') ?? '')
    const wanted = Buffer.from(settings['secretToken']!.reveal())
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new AppError('hook.signature_invalid')
  },

  async accept({ body }) {
    const { update_id: updateId, message } = parse(body)
    if (!message) return null
    return { externalId: String(updateId), sessionId: sessionOf(message) }
  },

  async read(body, settings) {
    const { message } = parse(body)
    if (!message?.from || message.from.is_bot) return null
    // Loaded with the first message: most servers have no bot.
    const { readMessage } = await import('./telegram-adapter.ts')
    // `Update` asks for all that the adapter takes for granted.
    const read = readMessage(withoutReply(message) as unknown as TelegramMessage)
    const attached = media.find((kind) => kind in message)
    const text = [attached && `[${attached}]`, read.text.trim()].filter(Boolean).join(' ')
    if (!text) return null
    const botName = settings['userName']?.reveal()
    const cleaned = botName ? text.replaceAll(new RegExp(`@${botName}\\b[,:]?\\s*`, 'giu'), '').trim() : text
    return {
      externalId: String(message.message_id),
      sender: {
        externalId: String(message.from.id),
        name: displayName(read.authorName) || String(message.from.id),
        language: languageTag(message.from.language_code),
        verifiedEmail: null,
      },
      text,
      structuredPrompt: cleaned && cleaned !== text ? cleaned : null,
      replyTo: message.reply_to_message ? String(message.reply_to_message.message_id) : null,
      entity: null,
    }
  },

  async send(egress, settings, { sessionId, markdown, piecesSent, onPiece }) {
    const { toMarkdownV2, toPlainText } = await import('./telegram-adapter.ts')
    const fits = (piece: string) => toMarkdownV2(piece).length <= maxTextLength
    const pieces = splitMarkdown(markdown, pieceLength).flatMap((piece) => halve(piece, fits))
    const [chatId, topic] = sessionId.split(':')
    const target = { chat_id: chatId, ...(topic !== undefined && { message_thread_id: Number(topic) }) }
    let last: string | null = null
    for (const [index, piece] of pieces.entries()) {
      if (index < piecesSent) continue
      const send = (text: object) => callTelegram(egress, settings, 'sendMessage', { ...target, ...text })
      const sent = await send({ text: toMarkdownV2(piece), parse_mode: 'MarkdownV2' }).catch((error: unknown) => {
        if (error instanceof SendFailure && /can't parse entities/i.test(error.message))
          return send({ text: toPlainText(piece).slice(0, maxTextLength) })
        throw error
      })
      last = idOf(sent)
      await onPiece(index + 1)
    }
    return last
  },
}

/** Pieces that fit, however much escaping makes of them. */
function halve(piece: string, fits: (piece: string) => boolean): string[] {
  if (fits(piece) || piece.length < 2) return [piece]
  return splitMarkdown(piece, Math.max(100, Math.ceil(piece.length / 2))).flatMap((half) =>
    half.length < piece.length ? halve(half, fits) : [half],
  )
}

function idOf(sent: unknown): string | null {
  const message = z.object({ message_id: z.number().int() }).safeParse(sent)
  return message.success ? String(message.data.message_id) : null
}

/** What a message replies to was read when it came. */
function withoutReply({ reply_to_message: _, ...message }: Message): object {
  return message
}

function parse(body: Buffer): z.infer<typeof Update> {
  try {
    return Update.parse(JSON.parse(body.toString('utf8')))
  } catch {
    throw new AppError('hook.malformed')
  }
}

/** A chat, or a topic of a group. */
function sessionOf({ chat, message_thread_id: topic }: Message): string {
  return topic === undefined ? String(chat.id) : `${chat.id}:${topic}`
}
