import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedReply {
  headers: IncomingHttpHeaders
  raw: string
  session: string
  text: string
}

export interface ReplyReceiver extends AsyncDisposable {
  readonly url: string
  /** Those that were taken, in the order in which they came. */
  readonly taken: ReceivedReply[]
  readonly refused: ReceivedReply[]
  /** The next requests are answered with these statuses, then with 200. */
  answerNext(...statuses: number[]): void
}

/** The other side of a webhook: takes answers. */
export async function startReplyReceiver(): Promise<ReplyReceiver> {
  const taken: ReceivedReply[] = []
  const refused: ReceivedReply[] = []
  const statuses: number[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const raw = Buffer.concat(chunks).toString()
      const { session, message } = JSON.parse(raw) as { session: string; message: { text: string } }
      const status = statuses.shift() ?? 200
      ;(status === 200 ? taken : refused).push({ headers: request.headers, raw, session, text: message.text })
      response.writeHead(status).end()
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/replies`,
    taken,
    refused,
    answerNext: (...next) => void statuses.push(...next),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
