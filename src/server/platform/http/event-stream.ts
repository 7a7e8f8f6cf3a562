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

export interface EventSource<Batch> {
  /** Pulled only as fast as the connection takes it. */
  batches: AsyncIterable<Batch>
  toEvents(batch: Batch): ServerSentEvent[]
  /** A source that throws ends the stream with this one event. */
  present(error: unknown): ServerSentEvent
  /** Aborted when the client leaves; whoever owns it may end the stream by it too. */
  left: AbortController
  onEnd(): void
}

/**
 * Answers with server-sent events (WHATWG HTML, section 9.2), written straight to the connection: a stream object per chunk would cost more than the event.
 * Ends when the source does.
 */
export function eventStream<Batch>(c: HttpContext, source: EventSource<Batch>): Response {
  const response = begin(c)
  // A reason of our own: making the default one, with its stack, costs more than the rest of the abort.
  response.on('close', () => source.left.abort('the client has gone'))
  void write(response, source)
  return RESPONSE_ALREADY_SENT
}

/** Past this a reader is too slow for a stream that cannot wait for it, and is cut off. */
const maxUnsentBytes = 8 * 1024 * 1024

/** An event stream whose writer does not wait: what it sends goes out in the same tick. */
export interface EventStream {
  /** Whole frames, each with its empty line. */
  send(frames: string): void
  end(): void
  /** To be returned by the handler. */
  readonly response: Response
}

/** Sends the headers. Aborted where the client is gone: see `whenGone`. */
export function openEventStream(c: HttpContext): EventStream {
  const response = begin(c)
  const heartbeat = setInterval(() => response.write(':\n\n'), heartbeatMs)
  response.on('close', () => clearInterval(heartbeat))
  return {
    response: RESPONSE_ALREADY_SENT,
    send(frames) {
      if (response.destroyed || response.writableEnded) return
      response.write(frames)
      if (response.writableLength > maxUnsentBytes) response.destroy()
    },
    end() {
      clearInterval(heartbeat)
      response.end()
    },
  }
}

/** Aborts when the client leaves before it has its whole answer. */
export function whenGone(c: HttpContext): AbortSignal {
  const response = outgoing(c)
  const gone = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  if (response.destroyed) gone.abort()
  return gone.signal
}

function outgoing(c: HttpContext): ServerResponse {
  const response = c.env.outgoing as ServerResponse | undefined
  if (!response) throw new Error('event streams need a Node server')
  return response
}

function begin(c: HttpContext): ServerResponse {
  const response = outgoing(c)
  for (const [name, value] of c.res.headers) if (name !== 'content-type') response.setHeader(name, value)
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // Reverse proxies that buffer by default are told not to.
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  })
  // Together with the first events where there are any at once: a write to the connection costs more than what it carries.
  setTimeout(() => response.writableEnded || response.flushHeaders(), 1)
  return response
}

async function write<Batch>(response: ServerResponse, { batches, toEvents, present, onEnd }: EventSource<Batch>): Promise<void> {
  const heartbeat = setInterval(() => response.write(':\n\n'), heartbeatMs)
  // What this stream is about to show, the call of a model, goes out before its own headers do.
  await new Promise((resolve) => setImmediate(resolve))
  try {
    for await (const batch of batches) {
      if (response.destroyed) break
      if (!response.write(toEvents(batch).map(format).join(''))) await drained(response)
    }
  } catch (error) {
    response.write(format(present(error)))
  } finally {
    clearInterval(heartbeat)
    onEnd()
    response.end()
  }
}

/** Until more can be written, or nobody reads any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
    if (response.destroyed) done()
  })
}

function format({ id, event, data }: ServerSentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`
}
