import { Hono } from 'hono'
import type { Config } from '../../config.ts'
import { ownOrigin } from '../../features/apps/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { callerOf, fail, type HttpEnv } from '../../platform/http/index.ts'
import type { McpParts } from './parts.ts'
import type { McpDeps } from './mcp-deps.ts'
import { parleyParts } from './parley-parts.ts'
import type { Actor } from '../../platform/auth/index.ts'

type Handler = import('@modelcontextprotocol/server').McpHttpHandler

/**
 * `/mcp`: Parley as a server of the Model Context Protocol (streamable HTTP, stateless; revisions 2025-11-25 and 2026-07-28 by one endpoint). By API key or the token of a connected app: a cookie that a browser brings along by itself opens nothing here.
 */
export function mcpSurface(deps: McpDeps, http: Config['http'], version: string, moreParts?: (parts: McpParts) => McpParts): Hono<HttpEnv> {
  const surface = new Hono<HttpEnv>()
  const own = parleyParts(deps)
  const parts = moreParts ? moreParts(own) : own
  let opened: Promise<{ handler: Handler; refuse(request: Request): Response | undefined }> | undefined

  /** The protocol's package is loaded with the first call. */
  async function open() {
    const [library, { makeMcpServer, stateCodec }] = await Promise.all([import('@modelcontextprotocol/server'), import('./mcp-server.ts')])
    const hosts = hostsOf(http, library.localhostAllowedHostnames())
    const states = stateCodec(deps.stateSecret)
    const handler = library.createMcpHandler(
      ({ authInfo }) => makeMcpServer(parts, authInfo!.extra!.actor as Actor, version, deps.log, states),
      {
        onerror: (error) => deps.log.debug({ err: error }, 'a request by MCP was refused'),
      },
    )
    return {
      handler,
      // A page elsewhere that has made its name lead here is told so by these.
      refuse: (request: Request) =>
        library.hostHeaderValidationResponse(request, hosts) ?? library.originValidationResponse(request, hosts),
    }
  }

  surface.all('/', async (c) => {
    c.set('route', '/mcp')
    try {
      const { handler, refuse } = await (opened ??= open())
      const refused = refuse(c.req.raw)
      if (refused) return refused
      const actor = await deps.door.authenticateProgram(callerOf(c))
      c.set('principalId', actor.principalId)
      const authInfo = { token: '', clientId: actor.apiKeyId ?? '', scopes: [...(actor.scopes ?? [])], extra: { actor } }
      return await handler.fetch(c.req.raw, { authInfo })
    } catch (error) {
      const answer = fail(c, error, deps.log)
      if (answer.status === 401) answer.headers.set('www-authenticate', challenge(http, c.req.header('host'), error))
      return answer
    }
  })
  return surface
}

/** Where a program learns how to be let in (RFC 9728, section 5.1). */
function challenge(http: Config['http'], host: string | undefined, error: unknown): string {
  const invalid = error instanceof AppError && error.code === 'auth.key_invalid' ? 'error="invalid_token", ' : ''
  return `Bearer ${invalid}resource_metadata="${ownOrigin(http, host)}/.well-known/oauth-protected-resource/mcp"`
}

/** By which names this server is called. */
function hostsOf({ publicUrl, host }: Config['http'], localhost: string[]): string[] {
  const isNamed = !['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host)
  return [...localhost, ...(publicUrl ? [new URL(publicUrl).hostname] : []), ...(isNamed ? [host] : [])]
}
