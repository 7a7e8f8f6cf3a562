import type { Fault } from '../script.ts'
import type { WireError } from './wire.ts'

/** OpenAI API documentation, "Error codes": status, and the `error` object with message, type, param and code. */
export function openAiError(fault: Fault, retryAfterSeconds: number): WireError {
  const error = (status: number, message: string, type: string, code: string | null, headers?: Record<string, string>): WireError => ({
    status,
    headers,
    body: { error: { message, type, param: null, code } },
  })
  switch (fault) {
    case 'auth':
      return error(
        401,
        'Incorrect API key provided: sk-bad. You can find your API key in your account.',
        'invalid_request_error',
        'invalid_api_key',
      )
    case 'forbidden':
      return error(403, 'You are not allowed to sample from this model.', 'invalid_request_error', null)
    case 'rate-limit':
      return error(429, 'Rate limit reached for requests.', 'requests', 'rate_limit_exceeded', { 'retry-after': String(retryAfterSeconds) })
    case 'quota':
      return error(
        429,
        'You exceeded your current quota, please check your plan and billing details.',
        'insufficient_quota',
        'insufficient_quota',
      )
    case 'context':
      return error(
        400,
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 140012 tokens. Please reduce the length of the messages.",
        'invalid_request_error',
        'context_length_exceeded',
      )
    case 'filtered-prompt':
      return error(400, 'Your request was rejected as a result of our safety system.', 'invalid_request_error', 'content_policy_violation')
    case 'not-found':
      return error(404, 'The model `gone` does not exist or you do not have access to it.', 'invalid_request_error', 'model_not_found')
    case 'bad-request':
      return error(
        400,
        "Unsupported value: 'temperature' does not support 3 with this model.",
        'invalid_request_error',
        'unsupported_value',
      )
    case 'no-reasoning':
      return error(400, 'Your organization must be verified to generate reasoning summaries.', 'invalid_request_error', 'unsupported_value')
    case 'overloaded':
      return error(503, 'The engine is currently overloaded, please try again later.', 'server_error', null)
    default:
      return error(500, 'The server had an error while processing your request.', 'server_error', null)
  }
}
