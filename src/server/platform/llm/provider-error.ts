import {
  APICallError,
  EmptyResponseBodyError,
  InvalidPromptError,
  InvalidResponseDataError,
  JSONParseError,
  LoadAPIKeyError,
  NoSuchModelError,
  TypeValidationError,
  UnsupportedFunctionalityError,
  type LanguageModelV4FinishReason,
} from '@ai-sdk/provider'
import { findEgressFailure, type EgressFailure } from '../egress/index.ts'
import { AppError } from '../errors/index.ts'
import { retryAfterSeconds } from './retry-after.ts'

/** What a provider said about a failure, whatever way it came: as an HTTP answer or inside a stream. */
interface Complaint {
  status: number
  /** Everything it said, for recognition. */
  text: string
  /** Its own sentence. */
  message: string
  headers: Record<string, string>
}

const failureCodes = {
  unreachable: 'provider.unavailable',
  timeout: 'provider.timeout',
  interrupted: 'provider.interrupted',
  aborted: 'provider.interrupted',
  'too-large': 'provider.invalid_response',
  'too-many-redirects': 'provider.invalid_response',
} as const satisfies Record<EgressFailure, string>

export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (APICallError.isInstance(error) && (error.statusCode ?? 0) >= 400) {
    const body = error.responseBody ?? ''
    return fromComplaint(
      { status: error.statusCode!, text: `${error.message} ${body}`, message: error.message, headers: error.responseHeaders ?? {} },
      error,
    )
  }
  const failure = findEgressFailure(error)
  if (failure instanceof AppError) return failure
  if (failure) {
    const detail = failure === 'unreachable' ? 'No connection could be made to its address.' : undefined
    return new AppError(failureCodes[failure], { detail, cause: error })
  }
  if (LoadAPIKeyError.isInstance(error)) return new AppError('provider.auth', { cause: error })
  if (InvalidPromptError.isInstance(error) || UnsupportedFunctionalityError.isInstance(error) || NoSuchModelError.isInstance(error)) {
    return new AppError('provider.rejected', { detail: publicSentence(error.message), cause: error })
  }
  if (InvalidResponseDataError.isInstance(error) && /without a finish reason/.test(error.message))
    return new AppError('provider.interrupted', { cause: error })
  if (isUnreadable(error)) return new AppError('provider.invalid_response', { cause: error })
  const complaint = streamComplaint(error)
  if (complaint) return fromComplaint(complaint, error)
  return new AppError('provider.unavailable', { cause: error })
}

export function finishError(reason: LanguageModelV4FinishReason): AppError | null {
  if (reason.unified === 'content-filter') return new AppError('provider.content_filter')
  // Some packages name an end without the provider's closing words, others leave the reason empty.
  if (reason.unified === 'interrupted' || (reason.unified === 'other' && reason.raw === undefined))
    return new AppError('provider.interrupted')
  if (reason.unified === 'error') return new AppError('provider.unavailable')
  return null
}

/** Context lengths: OpenAI and compatible servers, Anthropic, Gemini, xAI, llama.cpp and Ollama, vLLM. */
const contextPatterns =
  /context_length_exceeded|maximum context length|context window|prompt is too long|input token count .* exceeds|maximum prompt length|exceeds? the (available )?context|exceed_context_size|input length and `?max_tokens`? exceed|too many (input )?tokens/i
const filterPatterns =
  /content_filter|content_policy_violation|content filtering policy|violates usage guidelines|safety system|PROHIBITED_CONTENT/i
const quotaPatterns =
  /insufficient_quota|insufficient balance|credit balance is too low|exceeded your current quota|used all available credits|spending limit|billing_hard_limit|payment required/i
const keyPatterns = /invalid_api_key|API_KEY_INVALID|incorrect api key|api key not valid|invalid x-api-key|authentication_error/i

function fromComplaint({ status, text, message, headers }: Complaint, cause: unknown): AppError {
  const waitSeconds = retryAfterSeconds(headers, text)
  if (status === 413 || contextPatterns.test(text)) return new AppError('provider.context_too_long', { cause })
  if (filterPatterns.test(text)) return new AppError('provider.content_filter', { cause })
  // Gemini says "exceeded your current quota" of its limits per minute too, but then also when to come back.
  if (status === 402 || (quotaPatterns.test(text) && !(status === 429 && waitSeconds !== undefined)))
    return new AppError('provider.quota', { cause })
  if (status === 401 || status === 403 || keyPatterns.test(text)) return new AppError('provider.auth', { cause })
  if (status === 429) return new AppError('provider.rate_limited', { retryAfterSeconds: waitSeconds, cause })
  if (status === 408 || status === 504) return new AppError('provider.timeout', { cause })
  if (status >= 500) return new AppError('provider.unavailable', { retryAfterSeconds: waitSeconds, cause })
  return new AppError('provider.rejected', { detail: publicSentence(message), cause })
}

/** Error parts are plain objects: a provider's error frame, mostly with the status that the package read from it. */
function streamComplaint(error: unknown): Complaint | undefined {
  if (typeof error === 'string') return { status: 500, text: error, message: error, headers: {} }
  if (typeof error !== 'object' || error === null) return undefined
  const { message, statusCode, status, type, code } = error as Record<string, unknown>
  if (typeof message !== 'string') return undefined
  const number = [statusCode, status, code].map(Number).find((value) => value >= 400 && value < 600)
  return {
    status: number ?? statusByType(`${String(type)} ${String(code)}`),
    text: `${message} ${String(type)} ${String(code)}`,
    message,
    headers: {},
  }
}

function statusByType(words: string): number {
  if (/rate_limit|exhausted/i.test(words)) return 429
  if (/authentication|permission/i.test(words)) return 401
  if (/invalid_request|invalid_argument|not_found/i.test(words)) return 400
  return 500
}

function isUnreadable(error: unknown): boolean {
  return (
    JSONParseError.isInstance(error) ||
    TypeValidationError.isInstance(error) ||
    EmptyResponseBodyError.isInstance(error) ||
    InvalidResponseDataError.isInstance(error) ||
    (APICallError.isInstance(error) && (error.statusCode ?? 0) < 400) ||
    error instanceof SyntaxError
  )
}

/** A provider's sentence, for the person who asked: without anything that looks like a key, and not a whole page. */
export function publicSentence(text: string): string | undefined {
  const sentence = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/\b[A-Za-z]{2,4}[-_][\w*-]{8,}/g, '…')
    .trim()
  if (sentence === '') return undefined
  return sentence.length > 300 ? `${sentence.slice(0, 299)}…` : sentence
}
