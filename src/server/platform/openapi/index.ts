import { Worker } from 'node:worker_threads'
import type { DescriptionReply } from './description.ts'
import type { DescriptionRequest } from './openapi-worker.ts'

export type { ApiDescription, Operation, OperationBinding, Refusal, SecuritySuggestion } from './description.ts'
export { buildRequest, RequestProblem } from './request.ts'

const timeoutMs = 15_000
const heapMegabytes = 384

/**
 * Reads an OpenAPI description (3.0 or 3.1, JSON or YAML) in a thread that ends with it, so that one made to take forever or all memory takes neither.
 * `baseUrl`: where it came from, for addresses that are relative to it.
 */
export async function readDescription(text: string, baseUrl: string | null): Promise<DescriptionReply> {
  const worker = new Worker(new URL('./openapi-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    stdout: true,
    stderr: true,
  })
  const { promise, resolve } = Promise.withResolvers<DescriptionReply>()
  const timer = setTimeout(() => resolve({ refused: 'too_complex' }), timeoutMs)
  worker.on('message', (reply: DescriptionReply) => resolve(reply))
  // Too little memory, or nested so deep that the stack ended.
  worker.on('error', () => resolve({ refused: 'too_complex' }))
  worker.on('exit', () => resolve({ refused: 'too_complex' }))
  worker.postMessage({ text, baseUrl } satisfies DescriptionRequest)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
