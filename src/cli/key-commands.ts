import type { z } from 'zod'
import { ApiKeyScope } from '../contract/people.ts'
import type { Given } from './command-line.ts'
import { Failure } from './failure.ts'
import { perform } from './perform.ts'
import { printTable } from './print-table.ts'

export async function createKey({ values }: Given): Promise<void> {
  const days = values['expires-days']
  const { secret } = await perform('key create', {
    email: userOf(values),
    name: typeof values.name === 'string' ? values.name : 'Command line',
    scopes: typeof values.scopes === 'string' ? values.scopes.split(',').map(toScope) : ['*'],
    expiresInDays: days === undefined ? null : Number(days),
  })
  process.stdout.write(`${secret}\n`)
}

function toScope(text: string): z.output<typeof ApiKeyScope> {
  const scope = ApiKeyScope.safeParse(text.trim())
  if (!scope.success) throw new Failure(`--scopes: there is no scope "${text.trim()}". There are ${ApiKeyScope.options.join(', ')}.`, 64)
  return scope.data
}

export async function listKeys({ values }: Given): Promise<void> {
  const keys = await perform('key list', { email: userOf(values) })
  printTable(
    ['id', 'begins with', 'name', 'scopes', 'made', 'last used', 'expires'],
    keys.map((key) => [
      key.id,
      key.prefix,
      key.name,
      key.scopes.join(','),
      dayOf(key.createdAt),
      dayOf(key.lastUsedAt),
      dayOf(key.expiresAt),
    ]),
  )
}

export async function revokeKey({ operands }: Given): Promise<void> {
  await perform('key revoke', { id: operands[0]! })
}

function userOf(values: Given['values']): string {
  if (typeof values.user !== 'string') throw new Failure('Whose key? Add --user <email>.', 64)
  return values.user
}

function dayOf(instant: string | null): string {
  return instant?.slice(0, 10) ?? 'never'
}
