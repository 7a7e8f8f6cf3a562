import { type Command, commandLine } from './command-line.ts'

function synopsis(name: string, { operands = [], usage = '' }: Command): string {
  return [name, ...operands.map((operand) => `<${operand}>`), usage].filter(Boolean).join(' ')
}

export function usage(): string {
  const lines = [...commandLine].map(([name, command]) => [synopsis(name, command), command.summary] as const)
  const width = Math.max(...lines.map(([left]) => left.length).filter((length) => length <= 40))
  const table = lines.map(([left, right]) =>
    left.length > width ? `  ${left}\n  ${' '.repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`,
  )
  return `Usage: npm run -s parley -- <command>\n\n${table.join('\n')}\n\nSettings come from the environment and from .env, as for the server.`
}

export function usageOf(name: string, command: Command): string {
  return `Usage: npm run -s parley -- ${synopsis(name, command)}\n\n${command.summary}`
}
