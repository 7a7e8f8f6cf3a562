import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { callerOfUpgrade } from '../../platform/auth/caller.ts'
import { AppError } from '../../platform/errors/index.ts'
import { findPageWithBot } from '../../features/pages/index.ts'
import { recogniseVisitor, type VisitDeps, type Visitor } from '../../features/visits/index.ts'
import { siteOf } from './site.ts'
import { VisitSession } from './visit-session.ts'
import { visitorCookie } from './visitor-cookie.ts'

const maxFrameBytes = 64 * 1024
/** Also how late a visit that ended by time is seen to have ended. */
const pingMs = 20_000
/** Of one visitor in this process: tabs, and connections that died without a word since the last ping. */
const maxSockets = 12

export interface VisitSocketSurface {
  /** False: the address is not one of these. */
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  close(): void
}

/**
 * `/@slug/socket`: a visitor's connection, by the cookie of the page, or from an allowed site by the protocol `visitor.<token>`, since browsers let a script set no
 * other header of a WebSocket.
 */
export function createVisitSocket(deps: VisitDeps, publicUrl: string | undefined): VisitSocketSurface {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('parley') ? 'parley' : false),
  })
  const cookie = visitorCookie(publicUrl)
  const alive = new WeakSet<WebSocket>()
  const sessions = new Map<WebSocket, VisitSession>()
  const socketsOf = new Map<string, number>()
  const pinging = setInterval(() => {
    for (const [client, session] of sessions) {
      if (!alive.has(client)) {
        client.terminate()
        continue
      }
      alive.delete(client)
      client.ping()
      session.refresh().catch(() => client.close(1011, 'the visit cannot be shown'))
    }
  }, pingMs)
  pinging.unref()

  async function connect(slug: string, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const caller = callerOfUpgrade(request)
    const recognise = async (): Promise<Visitor> => {
      const page = await findPageWithBot(deps.db, slug)
      if (!page) throw new AppError('visit.bot_away')
      const { source } = siteOf(caller, page, publicUrl)
      const token = source === 'widget' ? tokenOf(caller.header('sec-websocket-protocol')) : cookie.read(caller.header('cookie'))
      const visitor = await recogniseVisitor(deps, page, token, source)
      if (!visitor) throw new AppError('auth.required')
      return visitor
    }
    const visitor = await recognise()
    const { principalId } = visitor.actor
    if ((socketsOf.get(principalId) ?? 0) >= maxSockets) throw new AppError('request.rate_limited')
    server.handleUpgrade(request, socket, head, (client) => {
      alive.add(client)
      client.on('pong', () => alive.add(client))
      const session = new VisitSession(client, deps, recognise)
      socketsOf.set(principalId, (socketsOf.get(principalId) ?? 0) + 1)
      sessions.set(client, session)
      client.on('close', () => {
        sessions.delete(client)
        const left = (socketsOf.get(principalId) ?? 1) - 1
        if (left > 0) socketsOf.set(principalId, left)
        else socketsOf.delete(principalId)
      })
      void session.start(visitor)
    })
  }

  return {
    onUpgrade(request, socket, head) {
      const slug = /^\/@([^/?]+)\/socket$/.exec(request.url?.split('?', 1)[0] ?? '')?.[1]
      if (slug === undefined) return false
      socket.on('error', () => socket.destroy())
      connect(slug.toLowerCase(), request, socket, head).catch((error: unknown) => {
        if (!(error instanceof AppError)) deps.log.error({ err: error }, 'a socket could not be opened')
        socket.end(`HTTP/1.1 ${error instanceof AppError ? error.status : 500} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      })
      return true
    },
    close() {
      clearInterval(pinging)
      for (const client of server.clients) client.close(1001, 'the server is stopping')
      server.close()
    },
  }
}

function tokenOf(protocols: string | undefined): string | undefined {
  return protocols
    ?.split(',')
    .map((name) => name.trim())
    .find((name) => name.startsWith('visitor.'))
    ?.slice('visitor.'.length)
}
