import { Agent, type IncomingMessage, request } from 'node:http'

/** Plain HTTP with kept connections: the client must cost as little as possible, since it shares the machine with what it measures. */
const agent = new Agent({ keepAlive: true, maxSockets: 2000 })

export interface Call {
  url: string
  method?: string
  headers?: Record<string, string>
  body?: unknown
}

export function open({ url, method = 'POST', headers = {}, body }: Call): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const outgoing = request(
      url,
      { method, agent, headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers } },
      resolve,
    )
    outgoing.on('error', reject)
    outgoing.end(text)
  })
}

export async function readText(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) text += chunk as string
  return text
}

export async function json<T>(call: Call): Promise<T> {
  const response = await open(call)
  const text = await readText(response)
  if ((response.statusCode ?? 500) >= 400) throw new Error(`${call.method ?? 'POST'} ${call.url}: ${response.statusCode} ${text}`)
  return JSON.parse(text) as T
}

/** Reads a stream to its end; answers when the first piece with `marker` came, in milliseconds after `startedAt`. */
export async function timeToFirst(call: Call, marker: string): Promise<{ firstMs: number; text: string }> {
  const startedAt = performance.now()
  const response = await open(call)
  response.setEncoding('utf8')
  let firstMs = Number.NaN
  let text = ''
  await new Promise<void>((resolve, reject) => {
    response.on('data', (chunk: string) => {
      if (Number.isNaN(firstMs)) {
        text += chunk
        if (text.includes(marker)) firstMs = performance.now() - startedAt
      }
    })
    response.on('end', resolve)
    response.on('error', reject)
  })
  if (Number.isNaN(firstMs)) throw new Error(`no ${marker} in: ${text.slice(0, 500)}`)
  return { firstMs, text }
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}
