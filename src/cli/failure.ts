import { inspect } from 'node:util'
import { ConfigError } from '../server/config.ts'
import { VaultError } from '../server/platform/vault/index.ts'
import { inWords } from '../server/surfaces/control/in-words.ts'

/** A command that ends without its result. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: number

  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

const exitConfig = 78

/** What a person can act on is said in words; anything else is a bug and shows its stack. */
export function refusalOf(error: unknown): { message: string; exitCode: number } {
  if (error instanceof Failure) return error
  if (error instanceof ConfigError || error instanceof VaultError) return { message: error.message, exitCode: exitConfig }
  return { message: inWords(error) ?? inspect(error), exitCode: 1 }
}
