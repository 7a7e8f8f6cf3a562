/**
 * Reads `data` of server-sent events (HTML standard, "Parsing an event stream") out of pieces of bytes that may end anywhere. Names, ids and comments are
 * skipped: no provider puts anything into them that is not in the data too.
 */
export function createEventReader(): { read(bytes: Uint8Array): string[] } {
  const decoder = new TextDecoder()
  let rest = ''
  let data: string | null = null
  return {
    read(bytes) {
      const events: string[] = []
      const text = rest + decoder.decode(bytes, { stream: true })
      let start = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        const line = text.slice(start, text.charCodeAt(end - 1) === carriageReturn && end > start ? end - 1 : end)
        start = end + 1
        if (line === '') {
          if (data !== null) events.push(data)
          data = null
        } else if (line.startsWith('data:')) {
          const value = line.charCodeAt(5) === space ? line.slice(6) : line.slice(5)
          data = data === null ? value : `${data}\n${value}`
        }
      }
      rest = text.slice(start)
      return events
    },
  }
}

const carriageReturn = 13
const space = 32
