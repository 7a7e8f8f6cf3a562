import type { FilePart } from '../../../../contract/messages.ts'
import type { ConversationId, MessageId, ModelId, UserId } from '../../../../contract/ids.ts'
import { ApiError, isErrorCode } from '../../../errors.ts'

/** Something a person has sent and the server has not yet taken. */
export interface Sending {
  /** Also the idempotency key: sent twice it is one turn. */
  key: string
  /** Who wrote it: on a shared device nobody sends what somebody else wrote. */
  userId: UserId
  conversationId: ConversationId
  text: string
  files: readonly FilePart[]
  /** Where it goes on the shown path; undefined is the end. What stood there and after it is hidden meanwhile. */
  depth: number | undefined
  /** For an edited message: what it answers. `null` is the beginning. */
  parentId: MessageId | null | undefined
  /** Answer this message once more; there is no text then. */
  tryAgain: MessageId | undefined
  /** Go on with this answer; there is no text then either. */
  continueFrom: MessageId | undefined
  modelId: ModelId | undefined
  sentAt: number
  /** Why it was refused. Undefined while it is under way. */
  error: ApiError | undefined
}

/** After this a message is not sent by itself any more: its writer would not expect it. */
const staleMs = 15 * 60_000

/** As it is kept on this device, with the reason of a refusal in the words it was given. */
export function writeSending({ error, ...sending }: Sending): string {
  const reason = error && {
    code: error.code,
    message: error.message,
    action: error.action,
    detail: error.detail,
    retryAfterSeconds: error.retryAfterSeconds,
  }
  return JSON.stringify({ ...sending, error: reason })
}

/**
 * Reads it back. Undefined for what nobody can send any more: text that is none of ours, and a message to a conversation that does not exist.
 * One that waited too long is shown as not sent, as if no answer had come, so that its writer decides.
 */
export function readSending(text: string, now: number): Sending | undefined {
  const kept = parse(text)
  if (!isSending(kept)) return undefined
  const error = readError(kept.error)
  if (error?.code === 'conversation.not_found') return undefined
  return {
    ...kept,
    files: Array.isArray(kept.files) ? kept.files : [],
    error: error ?? (now - kept.sentAt < staleMs ? undefined : new ApiError('network')),
  }
}

/** A refusal is remembered for its key, so trying again is another request; without an answer nobody knows, so it is the same one. */
export const needsNewKey = ({ error }: Pick<Sending, 'error'>): boolean => error !== undefined && error.code !== 'network'

function readError(kept: unknown): ApiError | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined
  const { code, message, action, detail, retryAfterSeconds } = kept as Record<string, unknown>
  // A code that this version does not know was a refusal all the same.
  return new ApiError(code === 'network' || isErrorCode(code) ? code : 'internal', {
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof action === 'string' ? { action } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
  })
}

type Kept = Omit<Sending, 'error'> & { error?: unknown }

function isSending(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { key, userId, conversationId, text, sentAt } = value as Record<string, unknown>
  return [key, userId, conversationId, text].every((field) => typeof field === 'string') && typeof sentAt === 'number'
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
