import { styleText } from 'node:util'
import { redact, redactText } from './redact.ts'

interface DescribedError {
  type: string
  message: string
  code?: unknown
  stack?: string
  cause?: unknown
}

/** An error as a log line keeps it: what it is, its stack, and its chain of causes; no other properties, which may hold requests and keys. */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'object' && error !== null ? redact(error as Record<string, unknown>) : error
  const described: DescribedError = { type: error.name, message: redactText(error.message) }
  if ('code' in error) described.code = error.code
  if (error.stack) described.stack = redactText(error.stack)
  if (error.cause !== undefined && depth < 5) described.cause = describeError(error.cause, depth + 1)
  return described
}

const colours = { debug: 'gray', info: 'green', warn: 'yellow', error: 'red', fatal: 'red', trace: 'gray' } as const

function isDescribedError(value: unknown): value is DescribedError {
  return typeof value === 'object' && value !== null && 'message' in value && 'type' in value
}

/** One JSON line as a person reads it: the time, the message, its fields, and below it the error. Nothing is marked at level info. */
export function formatLine(line: string, hasColour: boolean): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    hasColour ? styleText(format, text, { validateStream: false }) : text
  const label = String(level)
  const words = [paint('gray', new Date(String(time)).toTimeString().slice(0, 8))]
  if (label !== 'info') words.push(paint(colours[label as keyof typeof colours] ?? 'red', label))
  if (typeof msg === 'string') words.push(msg)
  for (const [name, value] of Object.entries(fields))
    words.push(paint('gray', `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`))
  let text = `${words.join(' ')}\n`
  for (let error = err; error !== undefined; error = isDescribedError(error) ? error.cause : undefined) {
    const shown = isDescribedError(error) ? (error.stack ?? `${error.type}: ${error.message}`) : JSON.stringify(error)
    text += `${shown.replaceAll(/^/gm, '    ')}\n`
  }
  return text
}
