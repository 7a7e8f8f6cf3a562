import { randomBytes } from 'node:crypto'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import type { people } from '../../../contract/people.ts'
import { hashOfKey } from '../../platform/auth/actor-source.ts'
import { check, isMember, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import { insertApiKey } from './api-key-store.ts'
import type { PeopleDeps } from './people-deps.ts'
import { presentApiKey } from './present.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
export const prefixLength = 9

type Input = InputOf<(typeof people)['createApiKey']>

/** The answer holds the key; the database holds its hash. A key makes no wider key than it is itself. */
export async function createApiKey(
  deps: Pick<PeopleDeps, 'db'>,
  actor: Actor,
  { name, scopes, expiresInDays, workspaceId }: Input,
): Promise<OutputOf<(typeof people)['createApiKey']>> {
  check(actor, 'api-key', 'create', 'own')
  if (actor.scopes && !actor.scopes.includes('*') && !scopes.every((scope) => actor.scopes!.includes(scope)))
    throw new AppError('auth.scope_missing')
  const home = workspaceId ?? actor.homeWorkspaceId
  if (!isMember(actor, home)) throw new AppError('workspace.not_found')
  const { row, secret } = await issueApiKey(deps, { userId: actor.principalId, workspaceId: home, name, scopes, expiresInDays })
  return { apiKey: presentApiKey(row), secret }
}

interface KeyOrder extends Omit<Input, 'workspaceId'> {
  userId: string
  workspaceId: string
}

/** Makes a key without asking whether it may be made: for the operations around it. */
async function issueApiKey(deps: Pick<PeopleDeps, 'db'>, { userId, workspaceId, name, scopes, expiresInDays }: KeyOrder) {
  const secret = makeKey()
  const row = await insertApiKey(deps.db, {
    id: newId(),
    workspaceId,
    userId,
    name,
    prefix: secret.slice(0, prefixLength),
    keyHash: hashOfKey(secret),
    scopes: [...new Set(scopes)],
    expiresAt: expiresInDays === null ? null : new Date(Date.now() + expiresInDays * 86_400_000),
  })
  return { row, secret }
}

/** `pk_` and 32 random bytes in base 62, always 43 digits. */
export function makeKey(): string {
  let number = BigInt(`0x${randomBytes(32).toString('hex')}`)
  let digits = ''
  for (let index = 0; index < 43; index++) {
    digits = alphabet[Number(number % 62n)]! + digits
    number /= 62n
  }
  return `pk_${digits}`
}
