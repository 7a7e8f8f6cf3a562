import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { makeServer } from './tools.ts'

export interface SignInServer extends AsyncDisposable {
  /** Of the MCP server, which wants a token. */
  url: string
  /** What a browser is sent back with from this address, once somebody has consented. */
  signIn(authorizationUrl: string): Promise<{ state: string; code: string; iss: string }>
  /** Requests by path. */
  counts: Record<string, number>
  expiresInSeconds: number
  /** Every access token is over from now on. */
  expireAll(): void
  /** Refresh tokens too. */
  withdrawAll(): void
}

/**
 * A server that wants people to sign in, and the authorisation server where they do: RFC 9728, 8414, 7591, PKCE. Refresh tokens are used once; one that is used twice
 * withdraws its grant, as strict servers do.
 */
export async function startSignInServer(): Promise<SignInServer> {
  const clients = new Map<string, string[]>()
  const codes = new Map<string, { challenge: string; redirectUri: string; clientId: string }>()
  const access = new Set<string>()
  const refresh = new Map<string, { isUsed: boolean }>()
  const counts: Record<string, number> = {}
  const state = { origin: '', expiresInSeconds: 3_600 }
  const mcp = toNodeHandler(createMcpHandler(() => makeServer()))

  const issue = () => {
    const tokens = { access_token: randomUUID(), refresh_token: randomUUID(), token_type: 'Bearer', expires_in: state.expiresInSeconds }
    access.add(tokens.access_token)
    refresh.set(tokens.refresh_token, { isUsed: false })
    return tokens
  }

  const routes: Record<string, (request: IncomingMessage, response: ServerResponse, body: string, query: URLSearchParams) => void> = {
    '/.well-known/oauth-protected-resource/mcp': (_request, response) =>
      json(response, 200, { resource: `${state.origin}/mcp`, authorization_servers: [state.origin], scopes_supported: ['tools'] }),
    '/.well-known/oauth-authorization-server': (_request, response) =>
      json(response, 200, {
        issuer: state.origin,
        authorization_endpoint: `${state.origin}/authorize`,
        token_endpoint: `${state.origin}/token`,
        registration_endpoint: `${state.origin}/register`,
        response_types_supported: ['code'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none'],
        authorization_response_iss_parameter_supported: true,
      }),
    '/register': (_request, response, body) => {
      const metadata = JSON.parse(body) as { redirect_uris: string[] }
      const clientId = randomUUID()
      clients.set(clientId, metadata.redirect_uris)
      json(response, 201, { ...metadata, client_id: clientId })
    },
    '/authorize': (_request, response, _body, query) => {
      const [clientId, redirectUri, challenge] = [query.get('client_id')!, query.get('redirect_uri')!, query.get('code_challenge')]
      if (!clients.get(clientId)?.includes(redirectUri) || !challenge || query.get('code_challenge_method') !== 'S256')
        return json(response, 400, {})
      const code = randomUUID()
      codes.set(code, { challenge, redirectUri, clientId })
      const back = new URL(redirectUri)
      back.search = new URLSearchParams({ code, state: query.get('state')!, iss: state.origin }).toString()
      response.writeHead(302, { location: back.href }).end()
    },
    '/token': (_request, response, body) => {
      const form = new URLSearchParams(body)
      if (form.get('grant_type') === 'refresh_token') {
        const known = refresh.get(form.get('refresh_token') ?? '')
        if (!known || known.isUsed) {
          refresh.clear()
          access.clear()
          return json(response, 400, { error: 'invalid_grant' })
        }
        known.isUsed = true
        return json(response, 200, issue())
      }
      const code = codes.get(form.get('code') ?? '')
      codes.delete(form.get('code') ?? '')
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url')
      const isGood =
        code && code.challenge === challenge && code.redirectUri === form.get('redirect_uri') && code.clientId === form.get('client_id')
      return isGood ? json(response, 200, issue()) : json(response, 400, { error: 'invalid_grant' })
    },
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
    counts[pathname] = (counts[pathname] ?? 0) + 1
    if (pathname === '/mcp') {
      if (access.has(request.headers.authorization?.replace('Bearer ', '') ?? '')) return void mcp(request as never, response as never)
      const challenge = `Bearer resource_metadata="${state.origin}/.well-known/oauth-protected-resource/mcp"`
      return void response.writeHead(401, { 'www-authenticate': challenge }).end()
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const route = routes[pathname]
      if (route) route(request, response, Buffer.concat(chunks).toString(), searchParams)
      else json(response, 404, {})
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve).unref())
  state.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `${state.origin}/mcp`,
    counts,
    get expiresInSeconds() {
      return state.expiresInSeconds
    },
    set expiresInSeconds(seconds) {
      state.expiresInSeconds = seconds
    },
    async signIn(authorizationUrl) {
      const response = await fetch(authorizationUrl, { redirect: 'manual' })
      const query = new URL(response.headers.get('location')!).searchParams
      return { state: query.get('state')!, code: query.get('code')!, iss: query.get('iss')! }
    },
    expireAll: () => access.clear(),
    withdrawAll: () => (access.clear(), refresh.clear()),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
