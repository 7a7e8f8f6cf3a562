import { findEgressFailure } from '../egress/index.ts'
import { tooLargeCode } from './stdio-transport.ts'

/** Our own code for a stream that ended without the answer. */
export const cutOffCode = -32_098

/**
 * An answer that comes as a stream of events, and surely comes to an end: where the stream is cut off, grows too large or ends without having said so, an error for
 * the request is added as its last event. Without it the SDK would wait for an answer until the time limit, or ask for the same 50 MB again.
 */
export function answeredFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const id = requestIdOf(init)
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
    if (id === undefined || !isStream || !response.body) return response
    return new Response(withLastWord(response.body, id, init?.signal ?? undefined), { status: response.status, headers: response.headers })
  }
}

function withLastWord(body: ReadableStream<Uint8Array>, id: string | number, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  // Who numbers its events lets the rest be asked for after a cut.
  let isResumable = false
  const lastEvent = (code: number, message: string) =>
    new TextEncoder().encode(`\n\nevent: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })}\n\n`)
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await reader.read()
        if (value) {
          isResumable ||= hasEventId(value)
          controller.enqueue(value)
          return
        }
        if (done && !isResumable) controller.enqueue(lastEvent(cutOffCode, 'The stream ended without an answer.'))
      } catch (error) {
        if (signal?.aborted) return controller.error(error)
        const failure = findEgressFailure(error)
        if (failure === 'too-large') controller.enqueue(lastEvent(tooLargeCode, 'The answer is larger than permitted.'))
        else if (isResumable) return controller.error(error)
        else controller.enqueue(lastEvent(cutOffCode, 'The connection broke off before the answer.'))
      }
      controller.close()
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

function hasEventId(chunk: Uint8Array): boolean {
  return /(^|\n)id:\s*\S/.test(Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.byteLength, 4_096)).toString('latin1'))
}

function requestIdOf(init: RequestInit | undefined): string | number | undefined {
  if (typeof init?.body !== 'string') return undefined
  const message = JSON.parse(init.body) as { id?: string | number; method?: string }
  // A subscription has no answer but its end.
  return message.method === undefined || message.method === 'subscriptions/listen' ? undefined : message.id
}
