import type { z } from 'zod'
import type { RoleName } from '../contract/people.ts'
import type { Given } from './command-line.ts'
import { askPassword } from './ask-password.ts'
import { perform } from './perform.ts'
import { printTable } from './print-table.ts'

export async function listUsers(): Promise<void> {
  const users = await perform('user list', null)
  printTable(
    ['e-mail', 'name', 'role', 'status', 'since', 'id'],
    users.map((user) => [user.email, user.name, user.role, user.status, user.createdAt.slice(0, 10), user.id]),
  )
}

export async function createUser({ values, operands }: Given): Promise<void> {
  const email = operands[0]!
  const { id } = await perform('user create', {
    email,
    name: typeof values.name === 'string' ? values.name : email.split('@')[0]!,
    role: (typeof values.role === 'string' ? values.role : 'User') as z.input<typeof RoleName>,
    password: await askPassword(),
  })
  process.stdout.write(`${id}\n`)
}

export async function disableUser({ operands }: Given): Promise<void> {
  await perform('user disable', { email: operands[0]! })
}

export async function enableUser({ operands }: Given): Promise<void> {
  await perform('user enable', { email: operands[0]! })
}

export async function setPassword({ operands }: Given): Promise<void> {
  await perform('user set-password', { email: operands[0]!, password: await askPassword() })
}
