import type { IncomingMessage } from 'node:http'

/** The part of a request that decides who is calling; the same for a fetch request and for a socket's upgrade. */
export interface Caller {
  method: string
  isUpgrade: boolean
  header(name: string): string | undefined
}

export function callerOfUpgrade(incoming: IncomingMessage): Caller {
  return {
    method: incoming.method ?? 'GET',
    isUpgrade: true,
    header: (name) => {
      const value = incoming.headers[name.toLowerCase()]
      return Array.isArray(value) ? value.join(', ') : value
    },
  }
}
