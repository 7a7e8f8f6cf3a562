import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TelegramCall {
  token: string
  method: string
  payload: Record<string, unknown>
}

export interface TelegramServer extends AsyncDisposable {
  readonly url: string
  readonly calls: TelegramCall[]
  /** The texts that were taken, in their order. */
  readonly sent: { chatId: string; text: string; parseMode: unknown }[]
  /** What setWebhook was told. */
  readonly webhook: { url: string; secretToken: string } | undefined
  /** The next messages are refused like this, one each. */
  refuseNext(...answers: { status: number; description: string; retryAfter?: number }[]): void
  /** The next message is taken, and the connection breaks before it is said so. */
  breakNext(): void
}

/** A Bot API server of one bot (core.telegram.org/bots/api): getMe, setWebhook and sendMessage as far as bots depend on them. */
export async function startTelegramServer(token: string): Promise<TelegramServer> {
  const calls: TelegramCall[] = []
  const sent: TelegramServer['sent'] = []
  const refusals: { status: number; description: string; retryAfter?: number }[] = []
  let webhook: TelegramServer['webhook']
  let messageId = 1000
  let breaks = false

  function answer({ token: given, method, payload }: TelegramCall): { status: number; body: object } {
    const refuse = (status: number, description: string, more: object = {}) => ({
      status,
      body: { ok: false, error_code: status, description, ...more },
    })
    const accept = (result: unknown) => ({ status: 200, body: { ok: true, result } })
    if (given !== token) return refuse(401, 'Unauthorized')
    if (method === 'getMe') return accept({ id: 1, is_bot: true, first_name: 'Parley', username: 'parley_bot' })
    if (method === 'setWebhook') {
      webhook = { url: String(payload['url']), secretToken: String(payload['secret_token']) }
      return accept(true)
    }
    if (method === 'deleteWebhook') {
      webhook = undefined
      return accept(true)
    }
    if (method !== 'sendMessage') return refuse(404, 'Not Found')
    const refusal = refusals.shift()
    if (refusal) {
      const { status, description, retryAfter } = refusal
      return refuse(status, description, retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } })
    }
    const text = String(payload['text'])
    if (text.length > 4096) return refuse(400, 'Bad Request: message is too long')
    // As Telegram does: what is not escaped and means nothing is refused.
    if (payload['parse_mode'] === 'MarkdownV2' && /(?<!\\)[.!=+#-]/.test(text.replaceAll(/```[\s\S]*?```|`[^`]*`|\]\([^)]*\)/g, '')))
      return refuse(400, "Bad Request: can't parse entities: Character '.' is reserved and must be escaped")
    sent.push({ chatId: String(payload['chat_id']), text, parseMode: payload['parse_mode'] })
    const chat = { id: Number(payload['chat_id']), type: 'private', first_name: 'Ada' }
    return accept({ message_id: ++messageId, date: 0, chat, text })
  }

  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const [, given = '', method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? []
      const call = { token: given, method, payload: JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown> }
      calls.push(call)
      const { status, body } = answer(call)
      if (breaks && method === 'sendMessage') {
        breaks = false
        request.socket.destroy()
        return
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    sent,
    get webhook() {
      return webhook
    },
    breakNext: () => void (breaks = true),
    refuseNext: (...answers) => void refusals.push(...answers),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
