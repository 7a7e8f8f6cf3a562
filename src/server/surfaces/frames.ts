import type { z } from 'zod'
import { type ErrorCode, errorTable, type Issue } from '../../contract/errors.ts'
import { AppError } from '../platform/errors/index.ts'
import { refuseNul } from '../platform/http/index.ts'
import type { Logger } from '../platform/telemetry/index.ts'

/** A frame of a socket as a message of its protocol; undefined is one that is no text. Errors: `request.malformed`, `request.invalid`. */
export function readFrame<Message>(schema: z.ZodType<Message>, text: string | undefined): Message {
  let value: unknown
  try {
    value = JSON.parse(text ?? '')
  } catch {
    throw new AppError('request.malformed')
  }
  if (text?.includes('\\u0000')) refuseNul(value)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new AppError('request.invalid', {
    issues: parsed.error.issues.map(({ path, message }) => ({
      path: path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
      message,
    })),
  })
}

/** So that a client can tell which of its messages was wrong, even where the rest of it is. */
export function refOf(text: string | undefined): string | null {
  const match = /"ref"\s*:\s*"([^"\\]{1,64})"/.exec(text?.slice(0, 10_000) ?? '')
  return match?.[1] ?? null
}

export interface ErrorFrame {
  type: 'error'
  ref: string | null
  code: ErrorCode
  message: string
  action: string
  retryAfterSeconds?: number
  issues?: Issue[]
}

/** What is not from the error table is a bug: logged, and told as `internal`. */
export function errorFrame(ref: string | null, error: unknown, log: Logger): ErrorFrame {
  const known = error instanceof AppError ? error : undefined
  if (!known) log.error({ err: error }, 'bug')
  const code = known?.code ?? 'internal'
  const { message, action } = errorTable[code]
  return {
    type: 'error',
    ref,
    code,
    message: known?.detail ? `${message} ${known.detail}` : message,
    action,
    ...(known?.retryAfterSeconds !== undefined && { retryAfterSeconds: known.retryAfterSeconds }),
    ...(known?.issues && { issues: known.issues }),
  }
}
