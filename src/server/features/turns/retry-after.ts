import type { AppError } from '../../platform/errors/index.ts'

const maxRetries = 2
const delaysMs = [400, 1500]
/** A provider that asks to wait longer than this is not waited for. */
const longestRetryAfterSeconds = 8

/** Whether a call that failed before it showed anything is made again, and how: only what can help, and only a few times. */
export function retryAfter(error: AppError, attempt: number, offersTools: boolean): { delayMs: number; withoutTools?: true } | undefined {
  if (attempt > maxRetries) return undefined
  // A model that does not take tools is asked again without them.
  if (error.code === 'provider.rejected' && offersTools && /tool/i.test(error.detail ?? '')) return { delayMs: 0, withoutTools: true }
  if (error.code === 'provider.unavailable' || error.code === 'provider.interrupted') return { delayMs: delaysMs[attempt - 1]! }
  if (
    error.code === 'provider.rate_limited' &&
    error.retryAfterSeconds !== undefined &&
    error.retryAfterSeconds <= longestRetryAfterSeconds
  ) {
    return { delayMs: error.retryAfterSeconds * 1000 }
  }
  return undefined
}
