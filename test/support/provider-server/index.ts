import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { png } from '../picture-server.ts'
import { listAnthropic, listGoogle, listOllama, listOpenAiStyle, showOllama, type Served } from './catalogue.ts'
import { embedGoogle, embedOpenAi } from './embeddings.ts'
import { applyScript, chooseScript, type Asked, type Script } from './script.ts'
import { FrameCache, sendStream } from './send.ts'
import { anthropic } from './wire/anthropic.ts'
import { google } from './wire/google.ts'
import { openAiChat } from './wire/openai-chat.ts'
import { openAiError } from './wire/openai-error.ts'
import { responses, xaiError } from './wire/responses.ts'
import { asText, data, type Wire, type WireError } from './wire/wire.ts'

export type { Asked, Fault, Script, ScriptedCall } from './script.ts'
export type { Served } from './catalogue.ts'

/** One request as it came. */
export interface RecordedRequest {
  method: string
  path: string
  headers: IncomingMessage['headers']
  apiKey: string | null
  body: Record<string, unknown>
  /** What it asks a model, if it does. */
  asked: Asked | null
  /** The reader left before the answer ended. */
  wasCut: boolean
}

export interface ScriptFilter {
  apiKey?: string
  /** A part of the model's name. */
  model?: string
  /** How many requests it answers; without it, all from now on. */
  times?: number
}

export interface ProviderServer {
  readonly url: string
  readonly port: number
  /** The newest thousand requests, oldest first. */
  readonly requests: RecordedRequest[]
  /** How many model calls were answered since the start. */
  readonly callCount: number
  /** The base URL to give to a connection of this provider. */
  baseUrl(served: Served): string
  /** Answers matching requests this way, before what a message or a model name says. The newest one wins. Returns how to take it back. */
  script(script: Script | ((asked: Asked) => Script), filter?: ScriptFilter): () => void
  reset(): void
  close(): Promise<void>
}

const wires: Record<'chat' | 'compatibleChat' | 'responses' | 'xaiResponses' | 'anthropic' | 'google', Wire> = {
  chat: openAiChat({ sendsReasoning: false }),
  compatibleChat: openAiChat({ sendsReasoning: true }),
  responses: responses(openAiError),
  xaiResponses: responses(xaiError),
  anthropic,
  google,
}

const keptRequests = 1000

/**
 * Plays every provider at one address, in the provider's own wire format: `/openai/v1`, `/anthropic/v1`, `/google/v1beta`, `/xai/v1`, `/compatible/v1`,
 * `/ollama`. `/v1` alone is OpenAI, or Anthropic for who sends its version header. Keys that contain `bad` are refused.
 */
export async function startProviderServer({ port = 0 }: { port?: number } = {}): Promise<ProviderServer> {
  const requests: RecordedRequest[] = []
  let rules: { script: Script | ((asked: Asked) => Script); filter: ScriptFilter; left: number }[] = []
  let callCount = 0
  const cache = new FrameCache()

  function answerCall(wire: Wire, wireName: string, recorded: RecordedRequest, response: ServerResponse): void {
    callCount++
    const asked = wire.read(recorded.body, recorded.path)
    recorded.asked = asked
    const rule = rules.findLast(
      ({ filter, left }) =>
        left > 0 &&
        (filter.apiKey === undefined || filter.apiKey === recorded.apiKey) &&
        (filter.model === undefined || asked.model.includes(filter.model)),
    )
    if (rule) rule.left--
    const scripted = rule?.script ?? chooseScript(asked)
    const script = typeof scripted === 'function' ? scripted(asked) : scripted

    switch (script.fault) {
      case undefined:
      case 'stall':
      case 'cut':
      case 'truncated':
      case 'invalid-sse':
      case 'stream-error':
        break
      case 'hang':
        return
      case 'not-sse':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome to the hotel network</body></html>')
        return
      default:
        sendFault(response, wire, wire.error(script.fault, script.retryAfterSeconds ?? 7), asked.isStreaming)
        return
    }
    const answer = applyScript(script, asked)
    if (asked.isStreaming) {
      const key = `${wireName} ${JSON.stringify(recorded.body.stream_options ?? null)} ${JSON.stringify(answer)}`
      sendStream(
        response,
        wire,
        script,
        cache.get(key, answer, () => wire.frames(answer, recorded.body)),
        () => {
          recorded.wasCut = true
        },
      )
    } else if (script.fault) response.destroy()
    else {
      const body = JSON.stringify(wire.whole(answer))
      setTimeout(() => sendJson(response, 200, body), (script.firstDelayMs ?? 0) + (script.delayMs ?? 0) * answer.text.length)
    }
  }

  function route(recorded: RecordedRequest, response: ServerResponse): void {
    const url = new URL(recorded.path, 'http://provider')
    const [, prefix = '', rest = ''] = /^\/(openai|anthropic|google|xai|compatible|ollama)(\/.*)$/.exec(url.pathname) ?? [
      '',
      '',
      url.pathname,
    ]
    const served = (prefix || (recorded.headers['anthropic-version'] === undefined ? 'openai' : 'anthropic')) as Served
    const path = rest.replace(/^\/v1(beta)?(?=\/)/, '')
    const model = (list: unknown) => sendJson(response, 200, JSON.stringify(list))

    // What an answer may show.
    if (recorded.method === 'GET' && url.pathname === '/picture.png') {
      response.writeHead(200, { 'content-type': 'image/png' }).end(png())
      return
    }
    const needsKey = served !== 'ollama' && served !== 'compatible'
    if (recorded.apiKey?.includes('bad') || (needsKey && recorded.apiKey === null)) {
      const wire = { openai: wires.chat, compatible: wires.chat, ollama: wires.chat, anthropic, google, xai: wires.xaiResponses }[served]
      sendError(response, wire.error('auth', 0))
    } else if (recorded.method === 'GET' && path === '/models') {
      if (served === 'anthropic') model(listAnthropic(url.searchParams.get('after_id'), Number(url.searchParams.get('limit') ?? 20)))
      else if (served === 'google') model(listGoogle(url.searchParams.get('pageToken'), Number(url.searchParams.get('pageSize') ?? 50)))
      else model(listOpenAiStyle(served === 'ollama' ? 'compatible' : served))
    } else if (served === 'ollama' && path === '/api/tags') model(listOllama())
    else if (served === 'ollama' && path === '/api/show') model(showOllama(asText(recorded.body.model)))
    else if (path === '/embeddings') model(embedOpenAi(recorded.body))
    else if (/^\/models\/[^/]+:(batchEmbedContents|embedContent)$/.test(path))
      model(embedGoogle(recorded.body, path.endsWith(':batchEmbedContents')))
    else if (path === '/chat/completions' && (served === 'openai' || served === 'xai')) answerCall(wires.chat, 'chat', recorded, response)
    else if (path === '/chat/completions') answerCall(wires.compatibleChat, 'compatible', recorded, response)
    else if (path === '/responses' && served === 'openai') answerCall(wires.responses, 'responses', recorded, response)
    else if (path === '/responses' && served === 'xai') answerCall(wires.xaiResponses, 'xai', recorded, response)
    else if (path === '/messages') answerCall(wires.anthropic, 'anthropic', recorded, response)
    else if (/^\/models\/[^/]+:(generateContent|streamGenerateContent)$/.test(path)) answerCall(wires.google, 'google', recorded, response)
    else
      sendError(response, {
        status: 404,
        body: { error: { message: `Invalid URL (${recorded.method} ${url.pathname})`, type: 'invalid_request_error' } },
      })
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const recorded: RecordedRequest = {
        method: request.method ?? 'GET',
        path: request.url ?? '/',
        headers: request.headers,
        apiKey: readKey(request),
        body: readBody(chunks),
        asked: null,
        wasCut: false,
      }
      requests.push(recorded)
      if (requests.length > keptRequests) requests.shift()
      route(recorded, response)
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const actualPort = (server.address() as AddressInfo).port
  const url = `http://127.0.0.1:${actualPort}`

  return {
    url,
    port: actualPort,
    requests,
    get callCount() {
      return callCount
    },
    baseUrl: (served) => `${url}/${served}${served === 'google' ? '/v1beta' : served === 'ollama' ? '' : '/v1'}`,
    script(script, filter = {}) {
      const rule = { script, filter, left: filter.times ?? Infinity }
      rules.push(rule)
      return () => {
        rules = rules.filter((one) => one !== rule)
      }
    },
    reset() {
      rules = []
      requests.length = 0
      callCount = 0
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function readKey({ headers, url }: IncomingMessage): string | null {
  const header = headers['x-api-key'] ?? headers['x-goog-api-key'] ?? headers.authorization?.replace(/^Bearer /, '')
  return (Array.isArray(header) ? header[0] : header) || (new URL(url ?? '/', 'http://provider').searchParams.get('key') ?? null)
}

function readBody(chunks: Buffer[]): Record<string, unknown> {
  if (chunks.length === 0) return {}
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>
  } catch {
    return {}
  }
}

function sendJson(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
}

/** A prompt that is withheld is no HTTP error at Google: it comes as an answer, streamed if that was asked for. */
function sendFault(response: ServerResponse, wire: Wire, error: WireError, isStreaming: boolean): void {
  if (error.status === 200 && isStreaming) response.writeHead(200, { 'content-type': wire.contentType }).end(data(error.body))
  else sendError(response, error)
}

function sendError(response: ServerResponse, error: WireError): void {
  sendJson(response, error.status, JSON.stringify(error.body), error.headers)
}
