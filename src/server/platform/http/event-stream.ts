import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { HttpContext } from './request.ts'

const heartbeatMs = 15_000

export interface ServerSentEvent {
  /** The position that a client sends back as `Last-Event-ID`. */
  id?: string
  event?: string
  /** Sent as JSON. */
  data: unknown
}

/**
 * Answers with server-sent events (WHATWG HTML, section 9.2), written straight to the connection: a stream object per chunk would cost more than the event.
 * The source is pulled only as fast as the connection takes it. `signal` of the source aborts when the client leaves. Ends when the source does; a source
 * that throws ends the stream with one `error` event made by `present`.
 */
export function eventStream(
  c: HttpContext,
  source: (signal: AbortSignal) => AsyncIterable<ServerSentEvent[]>,
  present: (error: unknown) => ServerSentEvent,
): Response {
  const response = c.env.outgoing as ServerResponse | undefined
  if (!response) throw new Error('event streams need a Node server')
  for (const [name, value] of c.res.headers) if (name !== 'content-type') response.setHeader(name, value)
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // Reverse proxies that buffer by default are told not to.
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  })
  response.flushHeaders()
  response.socket?.setNoDelay(true)
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  void write(response, source(gone.signal), present)
  return RESPONSE_ALREADY_SENT
}

async function write(
  response: ServerResponse,
  source: AsyncIterable<ServerSentEvent[]>,
  present: (error: unknown) => ServerSentEvent,
): Promise<void> {
  const heartbeat = setInterval(() => response.write(':\n\n'), heartbeatMs)
  try {
    for await (const batch of source) {
      if (response.destroyed) break
      if (!response.write(batch.map(format).join(''))) await Promise.race([once(response, 'drain'), once(response, 'close')])
    }
  } catch (error) {
    response.write(format(present(error)))
  } finally {
    clearInterval(heartbeat)
    response.end()
  }
}

function format({ id, event, data }: ServerSentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`
}
