import { z } from 'zod'
import { ApiKeyScope, RoleName } from '../../../contract/people.ts'

const email = z.string().trim().toLowerCase().pipe(z.email('is not an e-mail address'))
const name = z.string().trim().min(1, 'must not be empty').max(100)
const password = z.string().min(10, 'must have at least 10 characters').max(256)
const ofUser = z.strictObject({ email })

/** What each command takes, apart from what it does: the command line checks it before it asks anybody. */
export const commandInputs = {
  status: z.null(),
  /** By its absolute path. */
  backup: z.strictObject({ file: z.string().startsWith('/') }),
  'user list': z.null(),
  'user create': z.strictObject({ email, name, role: RoleName, password }),
  'user disable': ofUser,
  'user enable': ofUser,
  'user set-password': z.strictObject({ email, password }),
  'key create': z.strictObject({
    email,
    name,
    scopes: z.array(ApiKeyScope).min(1),
    expiresInDays: z.int('must be a whole number').min(1).max(3650).nullable(),
  }),
  'key list': ofUser,
  'key revoke': z.strictObject({ id: z.uuid('is not the id of a key: "key list" shows them') }),
}
export type CommandName = keyof typeof commandInputs
export type CommandInput<Name extends CommandName> = z.input<(typeof commandInputs)[Name]>

/** Everything that is wrong with an input, in words; undefined where nothing is. */
export function problemsOf(name: CommandName, input: unknown): string | undefined {
  const parsed = commandInputs[name].safeParse(input)
  return parsed.success ? undefined : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`).join(' ')
}
