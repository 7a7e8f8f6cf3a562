import { type Logger as PinoLogger, pino } from 'pino'
import { redact, redactText } from './redact.ts'
import { describeError, formatLine } from './text-format.ts'

export type LogFields = Record<string, unknown>

/**
 * What happened, for whoever runs the server. `err` is printed with its stack and causes. Fields that are named like a secret are blanked, and so
 * are credentials inside texts: a last wall, since secrets are `Secret` anyway.
 */
export interface Logger {
  debug(message: string): void
  debug(fields: LogFields, message: string): void
  info(message: string): void
  info(fields: LogFields, message: string): void
  warn(message: string): void
  warn(fields: LogFields, message: string): void
  error(message: string): void
  error(fields: LogFields, message: string): void
  fatal(message: string): void
  fatal(fields: LogFields, message: string): void
  /** The same log with these fields on every line. */
  child(fields: LogFields): Logger
  isLevelEnabled(level: 'debug' | 'info' | 'warn' | 'error'): boolean
}

export interface LogOptions {
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  /** `auto`: text where a person watches (a terminal), one JSON object a line elsewhere. */
  format: 'auto' | 'json' | 'text'
}

/** Where lines go; standard output, unless the program's output is itself the result (the command line tool uses standard error). */
export interface LogTarget {
  isTTY?: boolean
  write(text: string): unknown
  on?(event: 'error', listener: () => void): unknown
}

export function createLogger({ level, format }: LogOptions, target: LogTarget = process.stdout): Logger {
  // Whoever read the output may be gone (a closed pipe). A server goes on without its log.
  target.on?.('error', () => undefined)
  const isText = format === 'text' || (format === 'auto' && target.isTTY === true)
  const destination = { write: (line: string) => target.write(isText ? formatLine(line, target.isTTY === true) : line) }
  const inner = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: redact },
      serializers: { err: describeError },
      hooks: { logMethod: redactMessage },
    },
    destination,
  )
  return withRedactedChildren(inner)
}

/** pino runs no formatter over the fields of a child. */
function withRedactedChildren(inner: PinoLogger): Logger {
  const child = (fields: LogFields) => withRedactedChildren(inner.child(redact(fields)))
  return Object.assign(Object.create(inner) as PinoLogger, { child }) as Logger
}

function redactMessage(this: unknown, args: unknown[], method: (...args: never[]) => void) {
  const last = args.length - 1
  if (typeof args[last] === 'string') args[last] = redactText(args[last])
  Reflect.apply(method, this, args)
}
