import { TelegramAdapter, TelegramFormatConverter, type TelegramMessage } from '@chat-adapter/telegram'
import { ConsoleLogger, markdownToPlainText } from 'chat'

const adapter = { mode: 'webhook', botToken: '0:unused', userName: 'unused', allowUnverifiedWebhooks: true } as const
const converter = new TelegramFormatConverter()

/** What the kept adapter makes of a message: its author, and its text with Telegram's entities as markdown. It calls nobody. */
export function readMessage(message: TelegramMessage): { authorName: string; text: string } {
  // One for each message: an adapter keeps what it has read.
  const { author, text } = new TelegramAdapter({ ...adapter, logger: new ConsoleLogger('silent') }).parseMessage(message)
  return { authorName: author.fullName, text }
}

/** Markdown in Telegram's own (Bot API, "MarkdownV2 style"). */
export function toMarkdownV2(markdown: string): string {
  return converter.renderPostable({ markdown })
}

export function toPlainText(markdown: string): string {
  return markdownToPlainText(markdown) || markdown
}
