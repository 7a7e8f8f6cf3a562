import { AppError } from '../../platform/errors/index.ts'
import { DatabaseRefusal } from '../../platform/db/refusal.ts'

/** What a person at the command line can act on; undefined for a bug. */
export function inWords(error: unknown): string | undefined {
  if (error instanceof DatabaseRefusal) return error.message
  if (error instanceof AppError) return [error.message, error.detail].filter(Boolean).join(' ')
  return undefined
}
