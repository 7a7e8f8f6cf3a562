import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import type { HttpEnv } from './request.ts'

export interface HttpServer {
  /** Where it listens, with the port the system gave for port 0. */
  readonly address: AddressInfo
  readonly server: Server
  /** Takes no new connections, lets running requests end within `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>
}

export interface ListenOptions {
  host: string
  port: number
  onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** The port cannot be opened as it is set up. The message is for whoever runs the server. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

/** Resolves when the port is open. Throws `ListenError` when it is taken or not permitted. */
export async function listen(app: Hono<HttpEnv>, { host, port, onUpgrade }: ListenOptions): Promise<HttpServer> {
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server
  server.keepAliveTimeout = 65_000 // longer than the usual 60 s of a proxy in front, which else meets closed connections
  server.requestTimeout = 300_000
  // The server itself forgets a connection once it is upgraded, and would wait for it for ever.
  const sockets = new Set<Duplex>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (request, socket, head) => {
    if (onUpgrade) onUpgrade(request, socket, head)
    else socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(inWords(error, host, port)))
    server.listen(port, host, resolve)
  })
  return {
    address: server.address() as AddressInfo,
    server,
    close: (graceMs) =>
      new Promise((resolve) => {
        // A connection whose request ends now stays open for the next one, which will not come.
        const sweep = setInterval(() => server.closeIdleConnections(), 20)
        const cut = setTimeout(() => sockets.forEach((socket) => socket.destroy()), graceMs)
        server.close(() => {
          clearInterval(sweep)
          clearTimeout(cut)
          resolve()
        })
      }),
  }
}

function inWords(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const words: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is in use. Stop what listens there, or set PORT to another one.`,
    EACCES: `Port ${port} on ${host} may not be opened by this user. Set PORT to one above 1023.`,
    EADDRNOTAVAIL: `HOST is "${host}", which is no address of this machine.`,
    ENOTFOUND: `HOST is "${host}", which is no address of this machine.`,
  }
  const message = words[error.code ?? '']
  return message ? new ListenError(message, { cause: error }) : error
}
