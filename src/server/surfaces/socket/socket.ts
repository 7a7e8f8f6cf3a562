import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ServerMessage } from '../../../contract/socket.ts'
import type { Deps } from '../../deps.ts'
import { callerOfUpgrade } from '../../platform/auth/caller.ts'
import { AppError } from '../../platform/errors/index.ts'
import { SocketSession, type SocketServices } from './session.ts'

/** The largest frame: a message of a megabyte, which JSON can double, and what is around it. */
const maxFrameBytes = 12 * 1024 * 1024
const pingMs = 20_000

export interface SocketSurface {
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Sends a message to the sockets of a person in this process. */
  tell(principalId: string, message: ServerMessage, except?: SocketSession): void
  close(): void
}

/** `/ws`: the same operations as the HTTP API, for clients that stay. Who may connect is decided at the upgrade, and again whenever the door says so. */
export function createSocketSurface(
  deps: Pick<Deps, 'door' | 'log' | 'metrics'>,
  services: Omit<SocketServices, 'tell'>,
  version: string,
): SocketSurface {
  const server = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes, perMessageDeflate: false })
  const sessions = new Map<string, Set<SocketSession>>()
  deps.metrics.gauge('parley_sockets_open', 'Open WebSockets.', () => server.clients.size)

  const tell: SocketSurface['tell'] = (principalId, message, except) => {
    for (const session of sessions.get(principalId) ?? []) if (session !== except) session.send(message)
  }

  const unhook = deps.door.onActorInvalidated((principalId) => {
    for (const session of sessions.get(principalId) ?? []) void session.askDoorAgain()
  })

  const alive = new WeakSet<WebSocket>()
  const pinging = setInterval(() => {
    for (const client of server.clients) {
      if (!alive.has(client)) {
        client.terminate()
        continue
      }
      alive.delete(client)
      client.ping()
    }
    // Sessions and keys that simply expire are told to nobody.
    for (const session of [...sessions.values()].flatMap((ofPerson) => [...ofPerson])) void session.askDoorAgain()
  }, pingMs)
  pinging.unref()

  async function connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const caller = callerOfUpgrade(request)
    const actor = await deps.door.authenticate(caller)
    server.handleUpgrade(request, socket, head, (client) => {
      alive.add(client)
      client.on('pong', () => alive.add(client))
      const session = new SocketSession(client, actor, () => deps.door.authenticate(caller), { ...services, tell }, deps.log)
      const ofPerson = sessions.get(actor.principalId) ?? new Set()
      sessions.set(actor.principalId, ofPerson.add(session))
      client.on('close', () => {
        ofPerson.delete(session)
        if (ofPerson.size === 0) sessions.delete(actor.principalId)
      })
      session.send({ type: 'hello', version, processId: services.turnDeps.turns.engine.processId })
    })
  }

  return {
    onUpgrade(request, socket, head) {
      socket.on('error', () => socket.destroy())
      if (request.url?.split('?', 1)[0] !== '/ws') return refuse(socket, 404)
      connect(request, socket, head).catch((error: unknown) => {
        if (!(error instanceof AppError)) deps.log.error({ err: error }, 'a socket could not be opened')
        refuse(socket, error instanceof AppError ? error.status : 500)
      })
    },
    tell,
    close() {
      unhook()
      clearInterval(pinging)
      for (const client of server.clients) client.close(1001, 'the server is stopping')
      server.close()
    },
  }
}

function refuse(socket: Duplex, status: number): void {
  socket.end(
    `HTTP/1.1 ${status} ${status === 401 ? 'Unauthorized' : status === 404 ? 'Not Found' : 'Refused'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  )
}
