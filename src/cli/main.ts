import { parseArgs } from 'node:util'
import { commandLine, type Given } from './command-line.ts'
import { Failure, refusalOf } from './failure.ts'
import { usageOf, usage } from './usage.ts'

/** After sysexits.h, as the server's own exits. */
const exitUsage = 64

async function run(words: string[]): Promise<void> {
  if (words.length === 0 || words[0] === 'help' || words[0] === '--help' || words[0] === '-h') return print(usage())
  if (words[0] === '--version' || words[0] === '-v') words[0] = 'version'
  const name = [words.slice(0, 2).join(' '), words[0]!].find((candidate) => commandLine.has(candidate))
  if (name === undefined) throw new Failure(`There is no command "${words.join(' ')}".\n\n${usage()}`, exitUsage)
  const command = commandLine.get(name)!
  const rest = words.slice(name.split(' ').length)
  if (rest.includes('--help') || rest.includes('-h')) return print(usageOf(name, command))

  let given: Given
  try {
    const { values, positionals } = parseArgs({ args: rest, options: command.options ?? {}, allowPositionals: true, strict: true })
    if (positionals.length !== (command.operands ?? []).length)
      throw new Error(positionals.length > 0 ? 'Too many or too few words.' : 'Something is missing.')
    given = { values, operands: positionals }
  } catch (error) {
    throw new Failure(`${(error as Error).message}\n\n${usageOf(name, command)}`, exitUsage)
  }
  await command.run(given)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  const { message, exitCode } = refusalOf(error)
  process.stderr.write(`${message}\n`)
  process.exitCode = exitCode
}
