import type { LanguageModelV4StreamPart } from '@ai-sdk/provider'
import type { Outcome } from '../../features/turns/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { type EventStream, type HttpContext, openEventStream } from '../../platform/http/index.ts'
import { ChatAnswer, type Delta, type FinishReason, usageOf } from './chat-answer.ts'
import { toOpenAiError } from './errors.ts'
import type { OpenAiDeps } from './openai-deps.ts'

export interface Started {
  id: string
  /** As the request named it. */
  modelName: string
  outcome: Promise<Outcome | undefined>
  gone: AbortSignal
  /** Tells every part of the model's stream, those that came before included. */
  listen(listener: (part: LanguageModelV4StreamPart) => void): void
}

/** A model that thinks in silence: the headers go out, so that nothing between here and the client gives up waiting. */
const silenceMs = 10_000

/** The whole answer in one object, once it is recorded. */
export async function answerWhole(c: HttpContext, started: Started): Promise<Response> {
  const answer = new ChatAnswer()
  started.listen((part) => answer.add(part))
  const outcome = await started.outcome
  const error = errorOf(outcome, answer)
  if (error) throw error
  c.header('cache-control', 'no-store')
  return c.json({
    id: started.id,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: started.modelName,
    choices: [{ index: 0, message: answer.message(), logprobs: null, finish_reason: answer.finishReason }],
    usage: usageOf(outcome!.tokens),
    system_fingerprint: null,
  })
}

/**
 * The answer in chunks. Until the provider has begun, an error is still an HTTP status, by which clients decide whether to try again; after that it is the
 * stream's last event.
 */
export function answerAsStream(deps: Pick<OpenAiDeps, 'log'>, c: HttpContext, started: Started, includesUsage: boolean): Promise<Response> {
  return new Promise((resolve, reject) => {
    const answer = new ChatAnswer()
    const frames = framesOf(started, includesUsage)
    let stream: EventStream | undefined
    const open = (): EventStream => {
      if (stream) return stream
      clearTimeout(silence)
      stream = openEventStream(c)
      stream.send(frames.delta({ role: 'assistant', content: '' }))
      resolve(stream.response)
      return stream
    }
    const silence = setTimeout(open, silenceMs)

    started.listen((part) => {
      if (part.type === 'stream-start' || part.type === 'error') return
      const delta = answer.add(part)
      if (delta) open().send(frames.delta(delta))
      else if (part.type === 'response-metadata') open()
    })

    started.outcome
      .then((outcome) => {
        clearTimeout(silence)
        const error = errorOf(outcome, answer)
        if (error && !stream) return reject(error)
        if (error) open().send(`data: ${JSON.stringify(toOpenAiError(error, c.get('requestId'), deps.log).body)}\n\n`)
        else open().send(frames.end(answer.finishReason) + (includesUsage ? frames.usage(outcome!) : '') + 'data: [DONE]\n\n')
        open().end()
      })
      .catch(reject)
  })
}

/** What came is the answer where it was stopped, or withheld from here on. */
function errorOf(outcome: Outcome | undefined, answer: ChatAnswer): AppError | undefined {
  if (!outcome) return new AppError('turn.interrupted')
  if (outcome.state !== 'failed' || !outcome.error) return undefined
  if (outcome.error.code === 'provider.content_filter' && answer.isFiltered) return undefined
  const { code, detail, retryAfterSeconds } = outcome.error
  return new AppError(code, { ...(detail && { detail }), ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) })
}

/** Everything of a chunk but its delta is the same in the whole stream, and is written once. */
function framesOf({ id, modelName }: Started, includesUsage: boolean) {
  const created = Math.floor(Date.now() / 1000)
  const head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model: modelName, system_fingerprint: null }).slice(0, -1)
  const tail = includesUsage ? ',"usage":null}\n\n' : '}\n\n'
  const chunk = (delta: string, finish: string) =>
    `data: ${head},"choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}]${tail}`
  return {
    delta: (delta: Delta) => chunk(JSON.stringify(delta), 'null'),
    end: (reason: FinishReason) => chunk('{}', `"${reason}"`),
    usage: (outcome: Outcome) => `data: ${head},"choices":[],"usage":${JSON.stringify(usageOf(outcome.tokens))}}\n\n`,
  }
}
