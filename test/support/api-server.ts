import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenRequest {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

export interface ApiServer {
  url: string
  requests: SeenRequest[]
  close(): Promise<void>
}

/** A shop's API with its description, behind a token of OAuth where one asks for it. `otherOrigin`: where `/moved` leads. */
export async function startApiServer(otherOrigin?: string): Promise<ApiServer> {
  const requests: SeenRequest[] = []
  let tokens = 0
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const seen = { method: request.method!, url: request.url!, headers: request.headers, body }
      requests.push(seen)
      const url = new URL(request.url!, 'http://here')
      const json = (status: number, value: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
      if (url.pathname === '/openapi.json') return json(200, shopDescription)
      if (url.pathname === '/token') {
        if (request.headers.authorization !== `Basic ${Buffer.from('shop:s3cret').toString('base64')}`)
          return json(401, { error: 'invalid_client' })
        return json(200, { access_token: `token-${++tokens}`, token_type: 'Bearer', expires_in: 3600 })
      }
      if (url.pathname === '/v1/private')
        return request.headers.authorization === `Bearer token-${tokens}` && tokens > 1
          ? json(200, { secret: 42 })
          : json(401, { error: 'expired' })
      if (url.pathname === '/v1/moved') return response.writeHead(302, { location: `${otherOrigin ?? ''}/v1/landed` }).end()
      if (url.pathname === '/v1/huge') return response.writeHead(200, { 'content-type': 'text/plain' }).end('x'.repeat(6 * 1024 * 1024))
      if (url.pathname === '/v1/picture')
        return response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([137, 80, 78, 71]))
      if (url.pathname === '/v1/broken') return json(500, { error: 'database on fire' })
      if (url.pathname === '/v1/items/7') return json(200, { id: 7, name: 'A lamp', price: 12.5 })
      return json(request.method === 'POST' ? 201 : 200, { method: seen.method, url: seen.url, body: seen.body })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

const string = { type: 'string' }
const query = (name: string, more: object = {}) => ({ name, in: 'query', schema: string, ...more })

export const shopDescription = {
  openapi: '3.0.3',
  info: { title: 'Shop', version: '2.1', description: 'Lamps and orders.' },
  servers: [{ url: '/v1' }],
  components: {
    securitySchemes: {
      key: { type: 'apiKey', in: 'header', name: 'X-Shop-Key' },
      oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/token', scopes: { read: '' } } } },
    },
    parameters: { ItemId: { name: 'id', in: 'path', required: true, schema: { type: 'integer' } } },
    schemas: {
      Order: {
        type: 'object',
        required: ['item', 'number'],
        properties: {
          number: { type: 'integer', readOnly: true },
          item: { type: 'integer', description: 'Which one' },
          count: { type: 'integer', minimum: 0, exclusiveMinimum: true },
          note: { type: 'string', nullable: true },
          parts: { type: 'array', items: { $ref: '#/components/schemas/Order' } },
        },
      },
    },
  },
  paths: {
    '/items': {
      get: {
        operationId: 'listItems',
        summary: 'Lists items',
        parameters: [
          query('q'),
          query('tag', { schema: { type: 'array', items: string } }),
          query('ids', { explode: false, schema: { type: 'array', items: { type: 'integer' } } }),
          query('filter', { style: 'deepObject', schema: { type: 'object' } }),
          { name: 'X-Trace', in: 'header', schema: string },
          { name: 'Authorization', in: 'header', schema: string },
        ],
      },
    },
    '/items/{id}': {
      parameters: [{ $ref: '#/components/parameters/ItemId' }],
      get: { operationId: 'getItem', summary: 'One item' },
      put: {
        operationId: 'replaceItem',
        requestBody: { content: { 'application/x-www-form-urlencoded': { schema: { type: 'object', properties: { name: string } } } } },
      },
    },
    '/names/{name}': { get: { operationId: 'getNamed', parameters: [{ name: 'name', in: 'path', required: true, schema: string }] } },
    '/orders': {
      post: {
        operationId: 'makeOrder',
        requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
      },
    },
    '/private': { get: { operationId: 'getPrivate' } },
    '/moved': { get: { operationId: 'getMoved' } },
    '/huge': { get: { operationId: 'getHuge' } },
    '/picture': { get: { operationId: 'getPicture' } },
    '/broken': { get: { operationId: 'getBroken' } },
    '/upload': { post: { operationId: 'upload', requestBody: { required: true, content: { 'application/octet-stream': {} } } } },
    '/far': { get: { operationId: 'far', parameters: [{ $ref: 'https://elsewhere.example/parameters.json#/a' }] } },
  },
}
