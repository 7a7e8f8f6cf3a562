import type { Dispatcher } from 'undici'
import { EgressError, findEgressFailure } from './egress-error.ts'

export interface Outgoing {
  url: URL
  method: string
  headers: Record<string, string>
  body: string | Uint8Array | null
  signal: AbortSignal | null
}

export interface Bounds {
  firstByteTimeoutMs: number
  idleTimeoutMs: number
  totalTimeoutMs: number | null
  maxBytes: number
  keepsConnection: boolean
}

export interface Incoming {
  status: number
  headers: Headers
  body: ReadableStream<Uint8Array>
}

/** How much of an answer is taken from the socket before its reader asks for more. */
const readAheadBytes = 64 * 1024

/**
 * One request and its answer on a pooled connection. Rejects and errors with `AppError`, `EgressError`, or the signal's own reason.
 * It stands where fetch would: the answer's bytes go from the socket into one stream without the copies and the extra stream that fetch adds.
 */
export function exchange(dispatcher: Dispatcher, request: Outgoing, bounds: Bounds): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    let stream: ReadableStreamDefaultController<Uint8Array> | undefined
    let connection: Dispatcher.DispatchController | undefined
    let isOver = false
    let receivedBytes = 0

    const totalTimer =
      bounds.totalTimeoutMs === null ? undefined : setTimeout(() => fail(new EgressError('timeout')), bounds.totalTimeoutMs)
    const onAbort = () => fail(request.signal?.reason)
    request.signal?.addEventListener('abort', onAbort, { once: true })

    function finish() {
      isOver = true
      clearTimeout(totalTimer)
      request.signal?.removeEventListener('abort', onAbort)
    }

    function fail(reason: unknown) {
      if (isOver) return
      finish()
      if (stream) stream.error(reason)
      else reject(reason)
      connection?.abort(reason instanceof Error ? reason : new EgressError('aborted'))
    }

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        connection = controller
        if (isOver) controller.abort(new EgressError('aborted'))
      },
      onResponseStart(_controller, status, headers) {
        if (status < 200 || isOver) return
        const body = new ReadableStream<Uint8Array>(
          {
            start(controller) {
              stream = controller
            },
            pull() {
              if (connection?.paused) connection.resume()
            },
            cancel() {
              if (isOver) return
              finish()
              connection?.abort(new EgressError('aborted'))
            },
          },
          { highWaterMark: readAheadBytes, size: (chunk) => chunk.byteLength },
        )
        resolve({ status, headers: toHeaders(headers), body })
      },
      onResponseData(controller, chunk) {
        if (isOver || !stream) return
        receivedBytes += chunk.byteLength
        if (receivedBytes > bounds.maxBytes) {
          fail(new EgressError('too-large'))
          return
        }
        stream.enqueue(chunk)
        if ((stream.desiredSize ?? 0) <= 0) controller.pause()
      },
      onResponseEnd() {
        if (isOver) return
        finish()
        stream?.close()
      },
      onResponseError(_controller, error) {
        fail(toEgressError(error))
      },
    }

    dispatcher.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: request.headers,
        body: request.body,
        headersTimeout: bounds.firstByteTimeoutMs,
        bodyTimeout: bounds.idleTimeoutMs,
        reset: !bounds.keepsConnection,
      },
      handler,
    )
  })
}

function toEgressError(error: Error): Error {
  const found = findEgressFailure(error)
  if (found instanceof Error) return found
  return error instanceof EgressError ? error : new EgressError(found ?? 'interrupted', error)
}

function toHeaders(raw: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(raw)) {
    if (Array.isArray(value)) for (const one of value) headers.append(name, one)
    else if (value !== undefined) headers.append(name, value)
  }
  return headers
}
