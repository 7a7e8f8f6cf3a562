import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import type { McpServer } from '@modelcontextprotocol/server'
import { makeServer } from './tools.ts'

/** The program of `stdio.ts`, as a configuration names it. */
export const stdioServer = (kind = 'good') => ({ command: process.execPath, args: [join(import.meta.dirname, 'stdio.ts'), kind] })

export interface HttpMcpServer extends AsyncDisposable {
  url: string
  /** The headers of each request so far. */
  requests: IncomingMessage['headers'][]
  cancelled: number
  /** In place of the protocol; undefined: the protocol. */
  answerWith: ((request: IncomingMessage, response: ServerResponse) => void) | undefined
}

/** A server over HTTP, by both revisions of the protocol. */
export async function startHttpMcpServer(make?: () => McpServer): Promise<HttpMcpServer> {
  const state: Omit<HttpMcpServer, typeof Symbol.asyncDispose> = { url: '', requests: [], cancelled: 0, answerWith: undefined }
  const handler = toNodeHandler(createMcpHandler(make ?? (() => makeServer({ onCancel: () => state.cancelled++ }))))
  const server: Server = createServer((request, response) => {
    state.requests.push(request.headers)
    if (state.answerWith) return state.answerWith(request, response)
    void handler(request as never, response as never)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
  return Object.assign(state, {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
