import { AppError } from '../errors/index.ts'

/** More than any event of a provider; a stream without line ends would otherwise be gathered without end. In UTF-16 units. */
const maxEventLength = 8 * 1024 * 1024

/**
 * Reads `data` of server-sent events (HTML standard, "Parsing an event stream") out of pieces of bytes that may end anywhere. Names, ids and comments are
 * skipped: no provider puts anything into them that is not in the data too. Error: `provider.invalid_response`.
 */
export function createEventReader(): { read(bytes: Uint8Array): string[] } {
  const decoder = new TextDecoder()
  let rest = ''
  let data: string | null = null
  return {
    read(bytes) {
      const events: string[] = []
      const text = decoder.decode(bytes, { stream: true })
      let start = 0
      // Only what is new is searched: what is left of before has no line end.
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        const whole = rest + text.slice(start, end)
        const line = whole.charCodeAt(whole.length - 1) === carriageReturn ? whole.slice(0, -1) : whole
        rest = ''
        start = end + 1
        if (line === '') {
          if (data !== null) events.push(data)
          data = null
        } else if (line.startsWith('data:')) {
          const value = line.charCodeAt(5) === space ? line.slice(6) : line.slice(5)
          data = data === null ? value : `${data}\n${value}`
        }
      }
      rest += text.slice(start)
      if (rest.length + (data?.length ?? 0) > maxEventLength)
        throw new AppError('provider.invalid_response', { detail: 'One event was longer than 8 MB.' })
      return events
    },
  }
}

const carriageReturn = 13
const space = 32
