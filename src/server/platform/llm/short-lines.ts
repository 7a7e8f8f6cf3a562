import { AppError } from '../errors/index.ts'

const maxLineBytes = 8 * 1024 * 1024
const lineFeed = 10

/** Ends an event stream in which one line does not end: the packages' own readers gather it without end, and search it anew with each piece. */
export function refusingLongLines(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!response.body || !/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) return response
    let lineBytes = 0
    const guard = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const last = chunk.lastIndexOf(lineFeed)
        lineBytes = last === -1 ? lineBytes + chunk.byteLength : chunk.byteLength - last - 1
        if (lineBytes > maxLineBytes)
          controller.error(new AppError('provider.invalid_response', { detail: 'One event was longer than 8 MB.' }))
        else controller.enqueue(chunk)
      },
    })
    return new Response(response.body.pipeThrough(guard), { status: response.status, headers: response.headers })
  }
}
