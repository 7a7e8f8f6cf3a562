import pg from 'pg'
import { AppError } from '../errors/index.ts'

/** What Node and the driver say when there is no connection, or it broke. */
const lostConnection = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/

/**
 * PostgreSQL's SQLSTATEs for "not now" (https://www.postgresql.org/docs/15/errcodes-appendix.html): shut down or terminated by an administrator,
 * crash of another backend, starting up, too many connections, lock or idle time-out, a standby that cannot write.
 */
const notNow = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '25006', '25P03'])

const driverWords =
  /connection terminated|connection error|not queryable|client was closed|timeout exceeded|query read timeout|connection timeout|client has encountered/i

/** Turns the failures of connections and disks into expected errors. Everything else (a constraint, a mistake in SQL) stays what it is. */
export function translateFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === '53100') return new AppError('storage.full', { cause: error })
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return new AppError('storage.read_only', { cause: error })
  if (error instanceof pg.DatabaseError) {
    if (code === '57014' && error.message.includes('statement timeout')) return new AppError('database.unavailable', { cause: error })
    if (notNow.has(code) || code.startsWith('08')) return new AppError('database.unavailable', { cause: error })
    if (
      /^(58030|58P01|42501|XX000)$/.test(code) &&
      /read-only file system|permission denied$/i.test(error.message) &&
      /file|directory/.test(error.message)
    ) {
      return new AppError('storage.read_only', { cause: error })
    }
    return error
  }
  const hasNoSocket = code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect'
  if (lostConnection.test(code) || hasNoSocket || driverWords.test(error.message))
    return new AppError('database.unavailable', { cause: error })
  return error
}
