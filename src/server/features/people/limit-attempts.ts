import { createHash } from 'node:crypto'
import type { Db } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { networkOf } from '../../platform/http/index.ts'
import * as store from './account-store.ts'

/** What is limited, and how often within how long. Counted in the database, so for all processes together. */
export const limits = {
  /** Wrong and right passwords for one e-mail; a right one sets it back. */
  'sign-in-email': { attempts: 10, windowSeconds: 900 },
  /** From one address, for whatever e-mail. */
  'sign-in-address': { attempts: 60, windowSeconds: 900 },
  'sign-up-address': { attempts: 20, windowSeconds: 3600 },
  'entry-address': { attempts: 20, windowSeconds: 900 },
  /** Guesses of the current password by whoever holds a session. */
  'password-change': { attempts: 10, windowSeconds: 900 },
  /** Programs that register themselves to ask people by OAuth. */
  'app-registration': { attempts: 60, windowSeconds: 3600 },
  /** Ids issued to visitors of pages. Many may share an address; each of them has a limit of answers besides. */
  'new-visitor': { attempts: 300, windowSeconds: 3600 },
  /** Whatever a visitor sends that is kept. */
  'visitor-message': { attempts: 30, windowSeconds: 60 },
} as const

type Limit = keyof typeof limits

/** Error: `request.rate_limited` with the time to wait. Without a subject (no address is known) nothing is counted; of an address its network is. */
export async function limitAttempts(db: Db, limit: Limit, subject: string | null): Promise<void> {
  if (subject === null) return
  const { attempts, windowSeconds } = limits[limit]
  const counted = await store.countAttempt(db, keyOf(limit, subject), windowSeconds)
  if (counted.attempts > attempts) throw new AppError('request.rate_limited', { retryAfterSeconds: Math.max(1, counted.resetsInSeconds) })
}

export async function forgetAttempts(db: Db, limit: Limit, subject: string): Promise<void> {
  await store.forgetAttempts(db, keyOf(limit, subject))
}

function keyOf(limit: Limit, subject: string): Buffer {
  return createHash('sha256')
    .update(`${limit}\n${networkOf(subject)}`)
    .digest()
}
